using Mev.Sdk.Storage.CrashHost;

// Started by tests, to be killed: "journal FOLDER FSYNC" writes without end, "project FOLDER DATABASE" projects what is there.
return args switch
{
    ["journal", var folder, var fsync] => await JournalRun.RunAsync(folder, fsync),
    ["project", var folder, var database] => await ProjectorRun.RunAsync(folder, database),
    _ => 2,
};
