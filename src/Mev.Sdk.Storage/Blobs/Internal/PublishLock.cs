using Mev.Sdk.Storage.Internal;

namespace Mev.Sdk.Storage.Blobs;

/// <summary>Held by whoever gives a blob its name or takes it away, so that looking and doing are one step, between processes too.</summary>
/// <remarks>Thread-safe. The operating system lets go of it when its holder dies. It is held for a rename, never while content is written.</remarks>
internal sealed class PublishLock(string path, TimeProvider timeProvider) : IDisposable
{
    /// <summary>A rename takes microseconds: who waits this long waits for something that hangs.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(2);

    private readonly SemaphoreSlim _threads = new(1, 1);

    /// <exception cref="IOException">Somebody has held it for longer than <see cref="Patience"/>, or the file cannot be made.</exception>
    public async ValueTask<Holding> AcquireAsync(CancellationToken cancellationToken)
    {
        await _threads.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var started = timeProvider.GetTimestamp();
            while (true)
            {
                try
                {
                    return new Holding(this, PrivateFiles.Open(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
                }
                catch (IOException e) when (IsHeld(e) && timeProvider.GetElapsedTime(started) < Patience)
                {
                    await Task.Delay(Pause, timeProvider, cancellationToken).ConfigureAwait(false);
                }
            }
        }
        catch
        {
            _threads.Release();
            throw;
        }
    }

    public void Dispose() => _threads.Dispose();

    // .NET gives errno on Unix (EWOULDBLOCK is 11 on Linux, 35 on macOS), and an HRESULT on Windows (ERROR_SHARING_VIOLATION).
    private static bool IsHeld(IOException e) => e.HResult is 11 or 35 or unchecked((int)0x80070020);

    internal readonly struct Holding(PublishLock owner, FileStream file) : IDisposable
    {
        public void Dispose()
        {
            file.Dispose();
            owner._threads.Release();
        }
    }
}
