using System.Text.Json;
using Mev.Sdk.Solana.Json;
using Mev.Sdk.Solana.Transactions;
using Mev.Sdk.TestKit;
using NSec.Cryptography;

namespace Mev.Sdk.Solana.Ed25519.Tests;

public sealed class TransactionSignaturesTests
{
    // RFC 8032, section 7.1, tests 1 to 3.
    [Theory]
    [InlineData("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "", "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b")]
    [InlineData("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72", "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00")]
    [InlineData("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82", "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a")]
    public void Vectors_of_RFC_8032_hold_and_break_with_any_bit(string key, string message, string signature)
    {
        var (pubkey, bytes, sig) = (new Pubkey(Convert.FromHexString(key)), Convert.FromHexString(message), Convert.FromHexString(signature));
        Assert.True(TransactionSignatures.Verify(new Signature(sig), in pubkey, bytes));
        for (var bit = 0; bit < 8 * sig.Length; bit++)
        {
            var changed = (byte[])sig.Clone();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(TransactionSignatures.Verify(new Signature(changed), in pubkey, bytes));
        }

        Assert.False(TransactionSignatures.Verify(new Signature(sig), in pubkey, [.. bytes, 0]));
    }

    [Fact]
    public void A_key_that_is_no_point_of_the_curve_has_no_signature() =>
        Assert.False(TransactionSignatures.Verify(default, Pubkey.Parse("So11111111111111111111111111111111111111112"), [1]));

    [Theory]
    [InlineData(MessageFormat.Legacy)]
    [InlineData(MessageFormat.V1)]
    public void A_signed_transaction_verifies_and_its_neighbour_does_not(MessageFormat format)
    {
        using var signer = Key.Create(SignatureAlgorithm.Ed25519);
        var payer = new Pubkey(signer.PublicKey.Export(KeyBlobFormat.RawPublicKey));
        var builder = new TransactionBuilder().SetFormat(format).SetHeader(1, 0, 1).AddKey(in payer).AddKey(new Pubkey(new byte[32])).AddInstruction(1, [0], [1, 2, 3]);
        Assert.True(WireTransaction.TryParse(builder.AddSignature(default).ToArray(), out var unsigned));
        Assert.Equal(0, TransactionSignatures.FirstInvalid(in unsigned));
        var signature = new Signature(SignatureAlgorithm.Ed25519.Sign(signer, unsigned.Message));
        var wire = builder.Clear().SetFormat(format).SetHeader(1, 0, 1).AddKey(in payer).AddKey(new Pubkey(new byte[32])).AddInstruction(1, [0], [1, 2, 3]).AddSignature(in signature).ToArray();
        Assert.True(WireTransaction.TryParse(wire, out var signed));
        Assert.Equal(TransactionSignatures.AllValid, TransactionSignatures.FirstInvalid(in signed));
    }

    [Fact]
    public void Every_signature_of_the_real_block_holds()
    {
        var file = ChainData.File("solana/block-285000037.json");
        Assert.SkipWhen(file is null, ChainData.MissingReason);
        using var document = JsonDocument.Parse(File.ReadAllBytes(file!));
        var root = document.RootElement.TryGetProperty("result", out var result) ? result : document.RootElement;
        foreach (var transaction in root.GetProperty("transactions").EnumerateArray())
        {
            Assert.True(WireTransaction.TryParse(TransactionRendering.ToWireAndMeta(transaction).Wire, out var wire));
            Assert.Equal(TransactionSignatures.AllValid, TransactionSignatures.FirstInvalid(in wire));
        }
    }
}
