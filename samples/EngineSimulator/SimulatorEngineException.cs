namespace EngineSimulator;

/// <summary>The engine cannot do what its options ask; the message says what, where, and what to do.</summary>
/// <param name="message">For a person.</param>
/// <param name="inner">Why, for a programmer.</param>
public sealed class SimulatorEngineException(string message, Exception? inner = null) : Exception(message, inner);
