namespace Mev.Sdk.Storage.Archive.Columns;

/// <summary>What a line of the log says; the numbers are on disk.</summary>
internal enum LogLineKind
{
    End = 0,

    /// <summary>"Program P invoke [depth]", of the next instruction.</summary>
    Invoke = 1,

    /// <summary>"Program P success", of the program that runs.</summary>
    Success = 2,

    /// <summary>"Program P consumed X of Y compute units".</summary>
    Units = 3,

    /// <summary>"Program log: " and a text.</summary>
    Text = 4,

    /// <summary>"Program data: " and a text.</summary>
    Data = 5,

    /// <summary>"Program P failed: " and a text.</summary>
    Failed = 6,

    /// <summary>Anything else.</summary>
    Other = 7,

    /// <summary>"Program return: P " and a text.</summary>
    Return = 8,

    /// <summary>"Program P failed: custom program error: 0x" and the code of the meta's error, in lower-case hexadecimal.</summary>
    FailedAsTold = 9,
}
