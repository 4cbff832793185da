using System.Reflection;
using Microsoft.Data.SqlClient;

namespace BuildingBlocks.Tests.Modularity;

/// <summary>What SQL Server's client throws. It lets nobody else make one.</summary>
internal static class SqlServerFault
{
    private const BindingFlags Hidden = BindingFlags.Instance | BindingFlags.Static | BindingFlags.NonPublic;

    /// <summary>What the server itself says, the first of it first.</summary>
    public static SqlException Of(params int[] numbers) => Of(inner: null, [.. numbers.Select(n => (n, (byte)16))]);

    /// <summary>The connection is gone, or never was.</summary>
    public static SqlException Lost(Exception? inner = null) => Of(inner, (0, 20));

    /// <summary>The command was cancelled.</summary>
    public static SqlException Cancelled() => Of(inner: null, (0, 11));

    private static SqlException Of(Exception? inner, params (int Number, byte Class)[] errors)
    {
        var collection = (SqlErrorCollection)Activator.CreateInstance(typeof(SqlErrorCollection), nonPublic: true)!;
        var add = typeof(SqlErrorCollection).GetMethod("Add", Hidden)!;
        var error = typeof(SqlError).GetConstructor(Hidden, [typeof(int), typeof(byte), typeof(byte), typeof(string), typeof(string), typeof(string), typeof(int), typeof(Exception)])!;
        foreach (var (number, severity) in errors)
        {
            add.Invoke(collection, [error.Invoke([number, (byte)1, severity, "server", "no", "", 1, inner])]);
        }

        var create = typeof(SqlException).GetMethod("CreateException", Hidden, [typeof(SqlErrorCollection), typeof(string), typeof(Guid), typeof(Exception)])!;
        return (SqlException)create.Invoke(null, [collection, "16", Guid.Empty, inner])!;
    }
}
