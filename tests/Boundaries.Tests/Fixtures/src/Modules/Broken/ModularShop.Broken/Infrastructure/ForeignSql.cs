using System.Data.Common;
using Microsoft.Data.Sqlite;
using ModularShop.Modularity.Modules;

namespace ModularShop.Broken.Infrastructure;

internal static class ForeignSql
{
    public static string Qualified() => "SELECT * FROM neighbour.widgets WHERE id = 1";

    public static string Quoted() => "update \"neighbour\".\"widgets\" set code = 'x'";

    public static string Bracketed() => "DELETE FROM [neighbour].[widgets]";

    public static string Joined(int id) => $"SELECT g.id FROM gadgets g JOIN inbox i ON i.message_id = g.id WHERE g.id = {id}";

    public static string Unqualified(string column) => $"""
        SELECT {column}
        FROM outbox
        """;

    public static string Concatenated(string table) => "x" + " FROM neighbour." + table;

    public static string Dropped() => "DROP TABLE IF EXISTS neighbour.widgets";

    public static string OwnTables() => "SELECT * FROM broken.gadgets JOIN gadgets ON 1 = 1";

    public static string Prose() => "The update from neighbour.widgets is late; select another outbox.";
}

internal static class RawWrites
{
    public static async Task Ado(BrokenDbContext database)
    {
        DbConnection connection = database.Database.GetDbConnection();
        await using var command = connection.CreateCommand();
        await command.ExecuteNonQueryAsync();
    }

    public static SqliteConnection Sqlite() => new("Data Source=:memory:");

    public static Task Raw(BrokenDbContext database) => database.Database.ExecuteSqlRawAsync("DELETE FROM gadgets");

    public static Task Bulk(BrokenDbContext database) => database.Set<Gadget>().ExecuteDeleteAsync();

    public static Task Read(BrokenDbContext database) => database.Set<Gadget>().FromSql($"SELECT * FROM gadgets").ToListAsync();
}

internal static class ForeignContexts
{
    public static object? ByName(IServiceProvider services) => services.GetService(Type.GetType("ModularShop.Neighbour.Infrastructure.NeighbourDbContext, ModularShop.Neighbour")!);

    public static object? ByType(IServiceProvider services) => services.GetService<ModularShop.Neighbour.Infrastructure.NeighbourDbContext>();

    public static object? ByRegistry(ModuleRegistry registry) => registry["neighbour"];
}

internal static class Sorting
{
    public static IQueryable<Gadget> ByUuid(IQueryable<Gadget> gadgets) => gadgets.OrderBy(g => g.Id);

    public static IQueryable<Gadget> ThenByUuid(IQueryable<Elsewhere> rows, IQueryable<Gadget> gadgets) => gadgets.OrderBy(g => rows.Count()).ThenByDescending(g => g.Id);

    public static IQueryable<Gadget> AfterUuid(IQueryable<Gadget> gadgets, Guid after) => gadgets.Where(g => g.Id.CompareTo(after) > 0);

    public static IEnumerable<Gadget> InMemory(IEnumerable<Gadget> gadgets) => gadgets.OrderBy(g => g.Id);
}

internal static class Unguarded
{
    public static HttpClient Client() => new();

    public static HttpClient ClientWithHandler() => new(new SocketsHttpHandler(), disposeHandler: true);
}
