using BuildingBlocks.Tests.MoveTables;

// Tests start this assembly as a process of its own, in order to kill it.
await WarehouseHost.RunAsync(args);
