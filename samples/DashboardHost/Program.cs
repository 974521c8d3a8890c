using Mev.Sdk.DashboardHost.Engine;

// The dashboard and everything under it in one process; see README.md for its options.
return await DashboardApplication.RunAsync(args, Console.Error);
