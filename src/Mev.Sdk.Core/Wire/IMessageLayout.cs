namespace Mev.Sdk.Wire;

/// <summary>A struct that is the fixed block of one message.</summary>
/// <remarks>Implementers are unmanaged, naturally aligned, little-endian, and a multiple of 8 bytes.</remarks>
public interface IMessageLayout
{
    /// <summary>The message's id.</summary>
    static abstract ushort TemplateId { get; }
}
