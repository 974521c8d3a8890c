namespace Mev.Sdk.DashboardHost.Engine;

/// <summary>The host cannot start as it was asked to; the message is the one line that its user needs.</summary>
internal sealed class StartupException(string message, Exception? inner = null) : Exception(message, inner);
