using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ModularShop.Modularity.Data;
using ModularShop.Modularity.Modules;

namespace Modules.Tests;

[Collection(Shop.Name)]
public sealed class MigrationTests(ShopFixture shop)
{
    [Theory]
    [InlineData(nameof(DatabaseProvider.Sqlite))]
    [InlineData(nameof(DatabaseProvider.SqlServer))]
    [InlineData(nameof(DatabaseProvider.PostgreSql))]
    public void Every_module_has_a_migration_for_every_change_of_its_model(string provider)
    {
        foreach (var module in shop.Services.GetRequiredService<ModuleRegistry>().Modules)
        {
            using var context = Context(module, Enum.Parse<DatabaseProvider>(provider));
            context.Database.GetMigrations().ShouldNotBeEmpty($"{module.Name} has no migrations for {provider}: run ./migrations.sh {module.Name} Initial");
            context.Database.HasPendingModelChanges().ShouldBeFalse($"The model of {module.Name} has changed since its last migration for {provider}: run ./migrations.sh {module.Name} <WhatChanged>");
        }
    }

    private static ModuleDbContext Context(LoadedModule module, DatabaseProvider provider)
    {
        var options = (DbContextOptionsBuilder)Activator.CreateInstance(typeof(DbContextOptionsBuilder<>).MakeGenericType(module.DbContextType))!;
        options.UseModuleDatabase(module.Name, new DatabaseOptions { Provider = provider, ConnectionString = "Server=never-connected" }, Path.GetTempPath());
        return (ModuleDbContext)Activator.CreateInstance(module.DbContextType, BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic, null, [options.Options], null)!;
    }
}
