namespace Mev.Sdk.Storage.Journal;

/// <summary>Decides how long a full disk is waited for.</summary>
internal interface ISpaceWaiter
{
    /// <summary>Waits before a write is tried again.</summary>
    /// <param name="path">What cannot be written.</param>
    /// <param name="error">What the system said.</param>
    /// <param name="attempt">Failed tries so far.</param>
    /// <returns>False to give up.</returns>
    bool WaitForSpace(string path, IOException error, int attempt);

    /// <summary>Says that a write went through after all.</summary>
    void SpaceReturned(string path);
}
