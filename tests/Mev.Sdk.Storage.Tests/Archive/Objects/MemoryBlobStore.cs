using System.Runtime.CompilerServices;

namespace Mev.Sdk.Storage.Tests.Archive.Objects;

/// <summary>A store in memory that counts its requests, and whose blobs tests may damage. Claims of sealers are in it, and nobody is told of them.</summary>
internal sealed class MemoryBlobStore : IBlobStore
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, (byte[] Bytes, int Version)> _blobs = new(StringComparer.Ordinal);
    private int _versions;

    /// <summary>Calls of <see cref="ReadAsync"/> since the last look.</summary>
    public int Reads { get; set; }

    public int Infos { get; set; }

    public int Lists { get; set; }

    /// <summary>Runs before each write, with its name; may throw.</summary>
    public Action<string>? OnWrite { get; set; }

    /// <summary>Runs after each write, with its name; may throw.</summary>
    public Action<string>? AfterWrite { get; set; }

    /// <summary>Runs before each deletion, with its name; may throw.</summary>
    public Action<string>? OnDelete { get; set; }

    /// <summary>Changes what is written, as a store that is broken would.</summary>
    public Func<string, byte[], byte[]>? Corrupt { get; set; }

    public byte[] this[string name]
    {
        get
        {
            lock (_gate)
            {
                return _blobs[name].Bytes;
            }
        }

        set
        {
            lock (_gate)
            {
                _blobs[name] = (value, ++_versions);
            }
        }
    }

    public IReadOnlyList<string> Names
    {
        get
        {
            lock (_gate)
            {
                return [.. _blobs.Keys.Where(static name => !IsClaim(name))];
            }
        }
    }

    public ValueTask<BlobInfo?> GetInfoAsync(string name, CancellationToken cancellationToken = default)
    {
        BlobName.ThrowIfInvalid(name);
        lock (_gate)
        {
            Infos++;
            return new(_blobs.TryGetValue(name, out var blob) ? Info(name, blob) : null);
        }
    }

    public async IAsyncEnumerable<BlobInfo> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        BlobInfo[] found;
        lock (_gate)
        {
            Lists++;
            found = [.. _blobs.Where(blob => blob.Key.StartsWith(prefix, StringComparison.Ordinal)).Select(blob => Info(blob.Key, blob.Value))];
        }

        foreach (var blob in found)
        {
            await Task.Yield();
            yield return blob;
        }
    }

    public ValueTask ReadAsync(string name, long offset, Memory<byte> destination, CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            Reads++;
            var bytes = _blobs.TryGetValue(name, out var blob) ? blob.Bytes : throw new BlobNotFoundException(name, $"No '{name}'.");
            if (offset + destination.Length > bytes.Length)
            {
                throw new EndOfStreamException();
            }

            bytes.AsMemory((int)offset, destination.Length).CopyTo(destination);
            return ValueTask.CompletedTask;
        }
    }

    public async ValueTask<BlobInfo> WriteAsync(string name, Stream content, BlobCondition condition, CancellationToken cancellationToken = default)
    {
        BlobName.ThrowIfInvalid(name);
        (IsClaim(name) ? null : OnWrite)?.Invoke(name);
        using var bytes = new MemoryStream();
        await content.CopyToAsync(bytes, cancellationToken);
        BlobInfo info;
        lock (_gate)
        {
            Check(name, condition);
            _blobs[name] = (Corrupt is null || IsClaim(name) ? bytes.ToArray() : Corrupt(name, bytes.ToArray()), ++_versions);
            info = Info(name, _blobs[name]);
        }

        (IsClaim(name) ? null : AfterWrite)?.Invoke(name);
        return info;
    }

    public ValueTask<bool> DeleteAsync(string name, BlobCondition condition, CancellationToken cancellationToken = default)
    {
        OnDelete?.Invoke(name);
        lock (_gate)
        {
            Check(name, condition);
            return new(_blobs.Remove(name));
        }
    }

    private static bool IsClaim(string name) => name.StartsWith("sealing/", StringComparison.Ordinal);

    private static BlobInfo Info(string name, (byte[] Bytes, int Version) blob) =>
        new(name, blob.Bytes.Length, $"v{blob.Version}", DateTimeOffset.UnixEpoch.AddSeconds(blob.Version));

    private void Check(string name, BlobCondition condition)
    {
        var etag = _blobs.TryGetValue(name, out var blob) ? Info(name, blob).ETag : null;
        if ((condition.RequiresAbsence && etag is not null) || (condition.RequiredETag is { } required && required != etag))
        {
            throw new BlobConditionFailedException(name, $"'{name}' is {etag ?? "not there"}.");
        }
    }
}
