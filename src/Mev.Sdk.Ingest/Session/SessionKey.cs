using System.Diagnostics;
using Mev.Sdk.Ingest.Transports;

namespace Mev.Sdk.Ingest.Session;

/// <summary>A shared key. It has no text, so that no log, debugger view or exception can show it.</summary>
[DebuggerDisplay("(a key)")]
internal sealed class SessionKey
{
    /// <summary>Bytes that a key has at least.</summary>
    public const int MinBytes = 16;

    // Base64 of a key of 4 KiB: what is longer is another file.
    private const int MaxFileBytes = 8 << 10;

    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    private readonly byte[] _bytes;

    /// <param name="bytes">At least <see cref="MinBytes"/>; copied.</param>
    public SessionKey(ReadOnlySpan<byte> bytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bytes.Length, MinBytes);
        _bytes = bytes.ToArray();
    }

    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>Reads a key from one of the three places that options have for it.</summary>
    /// <param name="bytes">The key itself, or empty.</param>
    /// <param name="base64">The key in base64, or null.</param>
    /// <param name="file">A file with the key in base64, or null.</param>
    /// <param name="setting">The configuration key that errors name.</param>
    /// <param name="errors">What is wrong goes here, without a byte of the key.</param>
    /// <returns>The key, or null when there is none or an error was added.</returns>
    public static SessionKey? Read(ReadOnlyMemory<byte> bytes, string? base64, string? file, string setting, List<string> errors)
    {
        if ((bytes.IsEmpty ? 0 : 1) + (base64 is null ? 0 : 1) + (file is null ? 0 : 1) > 1)
        {
            errors.Add($"{setting}, KeyBytes and KeyFile name more than one key; keep one of them.");
            return null;
        }

        var text = base64;
        if (file is not null)
        {
            setting += "File";
            if (string.IsNullOrWhiteSpace(file))
            {
                errors.Add($"{setting} is empty; give the path of the file with the key, or remove the setting if there is to be no key.");
                return null;
            }

            text = ReadFile(file, setting, errors);
            if (text is null)
            {
                return null;
            }
        }

        if (bytes.IsEmpty && string.IsNullOrWhiteSpace(text))
        {
            // A secret that was not filled in must not come to mean "no key, so let everybody in".
            if (text is not null)
            {
                errors.Add(file is not null
                    ? $"{setting}: the file is empty; write the key into it in base64, as from 'openssl rand -base64 32'."
                    : $"{setting} is empty; give the key in base64, as from 'openssl rand -base64 32', or remove the setting if there is to be no key.");
            }

            return null;
        }

        var decoded = new byte[text?.Length ?? 0];
        var length = 0;
        if (bytes.IsEmpty && !Convert.TryFromBase64String(text!.Trim(), decoded, out length))
        {
            errors.Add($"{setting} is no base64; give the key as from 'openssl rand -base64 32'.");
            return null;
        }

        var key = bytes.IsEmpty ? decoded.AsSpan(0, length) : bytes.Span;
        if (key.Length < MinBytes)
        {
            errors.Add($"{setting} has {key.Length} bytes; a key has at least {MinBytes}, as from 'openssl rand -base64 32'.");
            return null;
        }

        return new SessionKey(key);
    }

    public override string ToString() => "(a key)";

    private static string? ReadFile(string file, string setting, List<string> errors)
    {
        if (!File.Exists(file))
        {
            errors.Add($"{setting} is '{file}', and there is no such file; make it with 'openssl rand -base64 32 > FILE', or correct the path.");
            return null;
        }

        try
        {
            if (new FileInfo(file).Length <= MaxFileBytes)
            {
                return File.ReadAllText(file);
            }

            errors.Add($"{setting}: '{file}' is longer than {MaxFileBytes} bytes, so it is no key file; give a file with the key in base64.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            errors.Add($"{setting}: '{file}' cannot be read: {ConnectionErrors.Sentence(exception)} Let the host's user read it.");
        }

        return null;
    }
}
