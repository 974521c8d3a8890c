using System.Buffers;
using System.Buffers.Binary;
using Mev.Sdk.Solana.Json;

namespace Mev.Sdk.Storage.Archive.Import;

/// <summary>
/// What an import keeps beside a record, so that the file's JSON can be made again. Part of the format: a byte (bits 0-1 the encoding, <see cref="IsRaw"/>, <see cref="IsWrapped"/>,
/// <see cref="IsBlock"/>), for a wrapped document the wrapper (below), and then the rest, which depends. An empty residual is a bare transaction in encoding json without a difference.
/// </summary>
/// <remarks>
/// A wrapper is a document around the one that counts, as JSON-RPC's envelope is: the name of the member that holds it (a byte of length and UTF-8), 4 bytes of length, and the document with null in its place.
/// The rest of a transaction is its <c>TransactionRendering</c> residual, or with <see cref="IsRaw"/> its whole JSON; of a block it is <see cref="BlockSkeleton"/>'s.
/// </remarks>
internal readonly struct ImportResidual
{
    private const byte EncodingMask = 3;
    private const byte IsRawFlag = 4;
    private const byte IsWrappedFlag = 8;
    private const byte IsBlockFlag = 16;

    public required RenderEncoding Encoding { get; init; }

    /// <summary>The rest is the whole JSON: the record does not hold enough to render it.</summary>
    public bool IsRaw { get; init; }

    /// <summary>The record is a block's, and its transactions follow.</summary>
    public bool IsBlock { get; init; }

    /// <summary>Member of the wrapper that holds the document; null = there is no wrapper.</summary>
    public string? WrapperName { get; init; }

    public byte[] Wrapper { get; init; }

    public required ReadOnlyMemory<byte> Rest { get; init; }

    public bool IsWrapped => WrapperName is not null;

    /// <summary>Reads one.</summary>
    /// <exception cref="InvalidDataException">It is none.</exception>
    public static ImportResidual Read(ReadOnlySpan<byte> residual)
    {
        if (residual.IsEmpty)
        {
            return new ImportResidual { Encoding = RenderEncoding.Json, Rest = default };
        }

        var kind = residual[0];
        var rest = residual[1..];
        string? name = null;
        byte[] wrapper = [];
        if ((kind & IsWrappedFlag) != 0)
        {
            name = System.Text.Encoding.UTF8.GetString(Take(ref rest, Take(ref rest, 1)[0]));
            wrapper = Take(ref rest, BinaryPrimitives.ReadUInt32LittleEndian(Take(ref rest, sizeof(uint)))).ToArray();
        }

        return (kind & ~(EncodingMask | IsRawFlag | IsWrappedFlag | IsBlockFlag)) == 0
            ? new ImportResidual
            {
                Encoding = (RenderEncoding)(kind & EncodingMask), IsRaw = (kind & IsRawFlag) != 0, IsBlock = (kind & IsBlockFlag) != 0, WrapperName = name, Wrapper = wrapper, Rest = rest.ToArray(),
            }
            : throw Broken();
    }

    /// <summary>Its bytes.</summary>
    public byte[] ToArray()
    {
        if (Encoding == RenderEncoding.Json && !IsRaw && !IsBlock && !IsWrapped && Rest.IsEmpty)
        {
            return [];
        }

        var output = new ArrayBufferWriter<byte>();
        output.Write([(byte)((byte)Encoding | (IsRaw ? IsRawFlag : 0) | (IsWrapped ? IsWrappedFlag : 0) | (IsBlock ? IsBlockFlag : 0))]);
        if (WrapperName is { } name)
        {
            var text = System.Text.Encoding.UTF8.GetBytes(name);
            output.Write([checked((byte)text.Length)]);
            output.Write(text);
            BinaryPrimitives.WriteInt32LittleEndian(output.GetSpan(sizeof(int)), Wrapper.Length);
            output.Advance(sizeof(int));
            output.Write(Wrapper);
        }

        output.Write(Rest.Span);
        return output.WrittenSpan.ToArray();
    }

    private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> rest, uint length)
    {
        if (length > (uint)rest.Length)
        {
            throw Broken();
        }

        var taken = rest[..(int)length];
        rest = rest[(int)length..];
        return taken;
    }

    private static InvalidDataException Broken() => new("The record was not imported from JSON, or what was kept of its JSON is damaged.");
}
