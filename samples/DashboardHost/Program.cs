using Mev.Sdk.DashboardHost.Archive;
using Mev.Sdk.DashboardHost.Engine;

// The dashboard and everything under it in one process, or a verb on the archive; see README.md for options and verbs.
return args is [ArchiveCommand.Verb, .. var verb]
    ? await ArchiveCommand.RunAsync(verb, Console.Out, Console.Error)
    : await DashboardApplication.RunAsync(args, Console.Error);
