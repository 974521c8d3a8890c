namespace Mev.Sdk.Ingest.Solana.Files;

/// <summary>A file that is not a <c>getBlock</c> result this library can read.</summary>
public sealed class BlockFileException : FormatException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="file">The file's name.</param>
    /// <param name="where">JSON path or byte offset of what is wrong.</param>
    /// <param name="problem">What is wrong and what to do about it.</param>
    /// <param name="transactionIndex">The transaction concerned, from 0, or null.</param>
    /// <param name="innerException">The cause, or null.</param>
    public BlockFileException(string file, string where, string problem, int? transactionIndex = null, Exception? innerException = null)
        : base($"{file}: {(transactionIndex is { } index ? $"transaction {index}, " : "")}{where}: {problem}", innerException)
    {
        File = file;
        Where = where;
        TransactionIndex = transactionIndex;
    }

    /// <summary>The file's name.</summary>
    public string File { get; }

    /// <summary>JSON path or byte offset of what is wrong.</summary>
    public string Where { get; }

    /// <summary>The transaction concerned, from 0, or null.</summary>
    public int? TransactionIndex { get; }
}
