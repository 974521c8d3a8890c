using Mev.Sdk.Storage.CrashHost;

// Started by tests, to be killed: "journal FOLDER FSYNC plain|encrypted" writes without end, "project FOLDER DATABASE" and
// "project-postgres FOLDER CONNECTION" project what is there, "archive FOLDER" writes and archives without end,
// "archive-once FOLDER" writes one object and does not come to look at it, "move FOLDER HOURS" moves rows of files into Parquet.
return args switch
{
    ["journal", var folder, var fsync, var encryption] => await JournalRun.RunAsync(folder, fsync, encryption),
    ["archive", var folder] => await ArchiveRun.RunAsync(folder, readsBack: true),
    ["archive-once", var folder] => await ArchiveRun.RunAsync(folder, readsBack: false),
    ["project", var folder, var database] => await ProjectorRun.RunAsync(folder, database),
    ["move", var folder, var hours] => await MoveRun.RunAsync(folder, int.Parse(hours, System.Globalization.CultureInfo.InvariantCulture)),
    ["project-postgres", var folder, var connection] => await PostgresRun.RunAsync(folder, connection),
    _ => 2,
};
