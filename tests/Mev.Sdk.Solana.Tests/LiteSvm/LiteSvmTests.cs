using System.Diagnostics;
using Mev.Sdk.Solana.Transactions;

namespace Mev.Sdk.Solana.Tests.LiteSvm;

/// <summary>Transactions that another implementation makes and signs, and that Solana's own runtime executes: npm's litesvm and @solana/kit.</summary>
[Trait("Needs", "node")]
public sealed class LiteSvmTests
{
    private const string Package = "litesvm@1.5.0";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private static readonly Lazy<(string? Folder, string Reason)> Made = new(Make);

    [Theory]
    [InlineData("legacy", MessageFormat.Legacy, 1, 1)]
    [InlineData("v0", MessageFormat.V0, 1, 2)]
    [InlineData("two-signers", MessageFormat.V0, 2, 2)]
    [InlineData("lookup", MessageFormat.V0, 1, 2)]
    [InlineData("v1", MessageFormat.V1, 1, 1)]
    [InlineData("v1-config", MessageFormat.V1, 2, 2)]
    public void A_transaction_of_another_implementation_parses_and_builds_again_to_the_same_bytes(string name, MessageFormat format, int signatures, int instructions)
    {
        var (folder, reason) = Made.Value;
        Assert.SkipWhen(folder is null, reason);
        var wire = File.ReadAllBytes(Path.Combine(folder!, $"{name}.bin"));
        Assert.True(WireTransaction.TryParse(wire, out var transaction, out var failure), failure.ToString());
        Assert.Equal((format, signatures, instructions), (transaction.Format, transaction.SignatureCount, transaction.InstructionCount));
        Assert.Equal(wire, Rebuild.From(in transaction));
        Assert.Equal(name == "lookup" ? (1, 2) : (0, 0), (transaction.LookupCount, transaction.LoadedWritableCount));
        Assert.Equal(name == "v1-config" ? new TransactionConfig(12_345, 250_000, HeapSize: 65_536) : default, transaction.Config);
    }

    // The package is fetched once and kept beside the test's output.
    private static (string? Folder, string Reason) Make()
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "litesvm");
        Directory.CreateDirectory(folder);
        if (!Directory.Exists(Path.Combine(folder, "node_modules", "litesvm")) && !Run("npm", folder, "install", "--no-audit", "--no-fund", "--prefix", folder, Package))
        {
            return (null, $"Needs node and npm, and a registry that has {Package}.");
        }

        File.Copy(Path.Combine(AppContext.BaseDirectory, "LiteSvm", "make.mjs"), Path.Combine(folder, "make.mjs"), overwrite: true);
        var output = Path.Combine(folder, "made");
        return Run("node", folder, "make.mjs", output) ? (output, "") : (null, "Needs a node that can load litesvm's native library.");
    }

    private static bool Run(string program, string folder, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true })!;
            process.OutputDataReceived += static (_, _) => { };
            process.ErrorDataReceived += static (_, _) => { };
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            if (process.WaitForExit(Patience))
            {
                return process.ExitCode == 0;
            }

            process.Kill(entireProcessTree: true);
            return false;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false; // not installed
        }
    }
}
