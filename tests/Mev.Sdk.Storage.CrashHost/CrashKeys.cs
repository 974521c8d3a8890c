using Mev.Sdk.Storage.Journal;

namespace Mev.Sdk.Storage.CrashHost;

/// <summary>The key that the crash host and the tests share.</summary>
internal static class CrashKeys
{
    private const string Id = "00000000000000000000000000000001";

    public static JournalEncryptionOptions Options(bool encrypted)
    {
        var options = new JournalEncryptionOptions();
        if (encrypted)
        {
            options.Keys[Id] = new string('5', 64);
            options.CurrentKeyId = Id;
            options.Required = true;
        }

        return options;
    }
}
