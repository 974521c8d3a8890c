using Mev.Sdk.Storage.Journal;

namespace Mev.Sdk.Storage.Internal;

/// <summary>The master keys of a host's archive: those of the registered provider, else those that the configuration states for the journal.</summary>
internal sealed class ArchiveMasterKeys : IKeyProvider, IDisposable
{
    private readonly ConfiguredKeyProvider? _own;
    private readonly IKeyProvider _keys;

    public ArchiveMasterKeys(IKeyProvider? registered, JournalEncryptionOptions stated)
    {
        _own = registered is null ? new ConfiguredKeyProvider(stated) : null;
        _keys = registered ?? _own!;
    }

    public Guid CurrentKeyId => _keys.CurrentKeyId;

    public bool TryGetKey(Guid keyId, Span<byte> destination) => _keys.TryGetKey(keyId, destination);

    public void Dispose() => _own?.Dispose();
}
