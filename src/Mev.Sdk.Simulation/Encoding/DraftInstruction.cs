namespace Mev.Sdk.Simulation.Encoding;

/// <summary>An outer or inner instruction of a transaction in the making; accounts and data lie in the draft's buffers.</summary>
/// <param name="Program">The program's account in the draft.</param>
/// <param name="FirstAccount">Where its accounts begin.</param>
/// <param name="AccountCount">How many it has.</param>
/// <param name="FirstByte">Where its data begins.</param>
/// <param name="ByteCount">How long it is.</param>
/// <param name="Outer">The outer instruction it runs below, or -1.</param>
internal readonly record struct DraftInstruction(int Program, int FirstAccount, int AccountCount, int FirstByte, int ByteCount, int Outer);
