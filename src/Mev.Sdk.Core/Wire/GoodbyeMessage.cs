using System.Runtime.InteropServices;

namespace Mev.Sdk.Wire;

/// <summary>An orderly end of a stream. Variable data: reason (UTF-8).</summary>
[StructLayout(LayoutKind.Sequential, Pack = 8, Size = Size)]
public struct GoodbyeMessage : IMessageLayout
{
    /// <summary>Bytes of the block.</summary>
    public const int Size = 8;

    /// <inheritdoc/>
    public static ushort TemplateId => TemplateIds.Goodbye;

    /// <summary>Why; see <see cref="GoodbyeCode"/>.</summary>
    public GoodbyeCode Code;

    /// <summary>Reserved; 0.</summary>
    public uint Reserved;
}
