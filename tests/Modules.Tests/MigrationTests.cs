using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ModularShop.Modularity.Data;
using ModularShop.Modularity.Modules;

namespace Modules.Tests;

[Trait(RunOnly.Trait, RunOnly.Once)]
[Collection(Shop.Name)]
public sealed class MigrationTests(ShopFixture shop)
{
    /// <summary>A table as it should be, to be spoilt.</summary>
    private const string Sound = """
        CREATE TABLE [shop].[__ef_migrations] (
            [MigrationId] nvarchar(150) NOT NULL,
            CONSTRAINT [PK___ef_migrations] PRIMARY KEY ([MigrationId])
        );
        CREATE TABLE [shop].[things] (
            [Id] uniqueidentifier NOT NULL,
            [Code] nvarchar(40) COLLATE Latin1_General_100_BIN2 NOT NULL,
            [At] datetime2(6) NULL,
            CONSTRAINT [PK_things] PRIMARY KEY ([Id]),
            CONSTRAINT [FK_things_others] FOREIGN KEY ([Id]) REFERENCES [shop].[others] ([Id]) ON DELETE CASCADE
        );
        CREATE TABLE [shop].[others] (
            [Id] uniqueidentifier NOT NULL,
            CONSTRAINT [PK_others] PRIMARY KEY ([Id])
        );
        CREATE UNIQUE INDEX [IX_things_Code] ON [shop].[things] ([Code]);
        """;

    [Theory]
    [InlineData(nameof(DatabaseProvider.Sqlite))]
    [InlineData(nameof(DatabaseProvider.SqlServer))]
    [InlineData(nameof(DatabaseProvider.PostgreSql))]
    public void Every_module_has_a_migration_for_every_change_of_its_model(string provider)
    {
        foreach (var module in shop.Services.GetRequiredService<ModuleRegistry>().Modules)
        {
            using var context = NeverConnected.Context(module.DbContextType, Enum.Parse<DatabaseProvider>(provider));
            context.Database.GetMigrations().ShouldNotBeEmpty($"{module.Name} has no migrations for {provider}: run ./migrations.sh {module.Name} Initial");
            context.Database.HasPendingModelChanges().ShouldBeFalse($"The model of {module.Name} has changed since its last migration for {provider}: run ./migrations.sh {module.Name} <WhatChanged>");
        }
    }

    [Theory]
    [InlineData(nameof(DatabaseProvider.SqlServer), false)]
    [InlineData(nameof(DatabaseProvider.SqlServer), true)]
    [InlineData(nameof(DatabaseProvider.PostgreSql), false)]
    [InlineData(nameof(DatabaseProvider.PostgreSql), true)]
    public void The_migration_script_of_every_module_makes_its_schema_as_the_store_rules_say(string provider, bool idempotent)
    {
        var modules = shop.Services.GetRequiredService<ModuleRegistry>().Modules;
        foreach (var module in modules)
        {
            using var context = NeverConnected.Context(module.DbContextType, Enum.Parse<DatabaseProvider>(provider));
            var script = MigrationScript.Of(context, idempotent);
            script.Mistakes().ShouldBeEmpty($"{module.Name}'s script for {provider}:\n{script.Text}");
        }

        modules.Count.ShouldBe(5);
    }

    [Fact]
    public void A_sound_script_has_no_mistakes() => Mistakes(Sound).ShouldBeEmpty();

    [Theory]
    [InlineData("[At] datetime2(6) NULL", "[At] datetime2(7) NULL", "things.At is datetime2(7)")]
    [InlineData("[At] datetime2(6) NULL", "[At] datetimeoffset NULL", "things.At is datetimeoffset")]
    [InlineData("[At] datetime2(6) NULL", "[Price] decimal(18,2) NULL", "things.Price is decimal(18,2)")]
    [InlineData(" COLLATE Latin1_General_100_BIN2", "", "things.Code is nvarchar(40)")]
    [InlineData("[Id] uniqueidentifier NOT NULL,\n    [Code]", "[Id] int NOT NULL IDENTITY,\n    [Code]", "has IDENTITY")]
    [InlineData("[At] datetime2(6) NULL", "[At] datetime2(6) NOT NULL DEFAULT (GETDATE())", "has DEFAULT")]
    [InlineData("[At] datetime2(6) NULL", "[Name] AS [Code] PERSISTED", "has PERSISTED")]
    [InlineData("[Id] uniqueidentifier NOT NULL,\n    [Code]", "[Id] uniqueidentifier NULL,\n    [Code]", "things.Id is a key and can be null")]
    [InlineData("[shop].[things] (\n", "[dbo].[things] (\n", "creates things in the schema 'dbo'")]
    [InlineData("CREATE TABLE [shop].[things]", "CREATE TABLE [shop].[stuff]", "does not create things")]
    [InlineData("REFERENCES [shop].", "REFERENCES [catalog].", "reaches into another schema: REFERENCES [catalog].")]
    [InlineData("nvarchar(40)", "nvarchar(1000)", "things has the index (Code) of 2000 bytes, more than 1700")]
    [InlineData("PRIMARY KEY ([Id]),", "PRIMARY KEY ([Id], [Code]),\n    CONSTRAINT [FK] FOREIGN KEY ([Code]) REFERENCES [shop].[others] ([Id]) ON DELETE CASCADE,", "things is reached by more than one ON DELETE CASCADE")]
    public void A_mistake_in_a_script_is_found(string sound, string spoilt, string said)
    {
        Sound.ShouldContain(sound);
        Mistakes(Sound.Replace(sound, spoilt, StringComparison.Ordinal)).ShouldContain(said, StringComparer.Ordinal);
    }

    private static IReadOnlyList<string> Mistakes(string script) => new MigrationScript(script, DatabaseProvider.SqlServer, "shop", ["things"]).Mistakes();
}
