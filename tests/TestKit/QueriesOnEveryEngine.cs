using System.Collections.Concurrent;
using System.Diagnostics;
using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Query;
using Microsoft.Extensions.DependencyInjection;
using ModularShop.Modularity.Data;

namespace ModularShop.TestKit;

/// <summary>
/// Translates every query that runs in a test for the engines that the test does not run on, too. One that an
/// engine cannot translate fails where it runs, and its shop when it ends: what runs in the background has
/// nobody to fail.
/// </summary>
public sealed class QueriesOnEveryEngine : IQueryExpressionInterceptor
{
    private static readonly Lock Writing = new();

    private readonly ConcurrentDictionary<(string Module, string Query), Lazy<CheckedQuery>> _checked = new();

    /// <summary>Of all shops of this process: EF keeps a compiled query for as long.</summary>
    public static QueriesOnEveryEngine Shared { get; } = new();

    public IReadOnlyList<CheckedQuery> All =>
        [.. _checked.Values.Select(q => q.Value).OrderBy(q => q.Module, StringComparer.Ordinal).ThenBy(q => q.AskedBy, StringComparer.Ordinal).ThenBy(q => q.Query, StringComparer.Ordinal)];

    public Expression QueryCompilationStarting(Expression queryExpression, QueryExpressionEventData eventData)
    {
        if (eventData.Context is not ModuleDbContext context || !EngineTranslation.HasTables(queryExpression))
        {
            // SQL in the query's place is each engine's own.
            return queryExpression;
        }

        var query = ExpressionPrinter.Print(queryExpression);
        var module = NeverConnected.ModuleOf(context.GetType());
        var found = _checked.GetOrAdd((module, query), _ => new Lazy<CheckedQuery>(() => Check(context, module, query, queryExpression))).Value;
        return found.Failures.Count == 0 ? queryExpression : throw new InvalidOperationException(string.Join("\n", found.Failures));
    }

    /// <summary>Throws with every query that some engine does not take.</summary>
    public void AllTranslate()
    {
        var failures = All.SelectMany(q => q.Failures).ToList();
        if (failures.Count > 0)
        {
            throw new InvalidOperationException(string.Join("\n\n", failures));
        }
    }

    /// <summary>Writes what was checked to the file that <c>MODULARSHOP_TEST_QUERIES</c> names.</summary>
    public void Write()
    {
        if (Environment.GetEnvironmentVariable("MODULARSHOP_TEST_QUERIES") is not { Length: > 0 } file)
        {
            return;
        }

        var all = All;
        var modules = all.GroupBy(q => q.Module, (module, queries) => (Module: module, Shop: queries.Count(q => !q.IsOfTests), Tests: queries.Count(q => q.IsOfTests)), StringComparer.Ordinal);
        lock (Writing)
        {
            File.WriteAllLines(file, [
                "-- Every query of this test run, as SQL Server would get it.",
                .. modules.Select(m => $"-- {m.Module}: {m.Shop} of the shop, {m.Tests} of tests"),
                .. all.SelectMany(q => (IEnumerable<string>)["", $"-- {q.Module}, {q.AskedBy}", .. q.Query.Split('\n').Select(line => $"--   {line.TrimEnd()}"), q.SqlServer]),
            ]);
        }
    }

    /// <summary>Call last: the modules are those that have interceptors by then.</summary>
    public void AddTo(IServiceCollection services)
    {
        foreach (var module in services.Where(s => s.IsKeyedService && s.ServiceType == typeof(IInterceptor)).Select(s => s.ServiceKey).Distinct().ToList())
        {
            services.AddKeyedSingleton<IInterceptor>(module, this);
        }
    }

    private static CheckedQuery Check(ModuleDbContext context, string module, string query, Expression expression)
    {
        var (askedBy, isOfTests) = Asker();
        var failures = new List<string>();
        var sqlServer = "";
        // The test's own engine too, in as far as it is SQL Server: for the list.
        foreach (var engine in Enum.GetValues<DatabaseProvider>().Where(e => e != context.Provider || e is DatabaseProvider.SqlServer))
        {
            using var other = NeverConnected.Context(context.GetType(), engine);
            try
            {
                var sql = EngineTranslation.Sql(other, expression);
                if (engine is DatabaseProvider.SqlServer)
                {
                    sqlServer = sql;
                    if (sql.Contains("OPENJSON", StringComparison.Ordinal))
                    {
                        // Its strings have the database's collation and ours BIN2: SQL Server refuses to compare them.
                        failures.Add($"{module}: {engine} reads a list with OPENJSON in the query of {askedBy}:\n{sql}");
                    }
                }
            }
            catch (Exception e) when (e is InvalidOperationException or NotSupportedException or NotImplementedException or ArgumentException or KeyNotFoundException)
            {
                failures.Add($"{module}: {engine} cannot translate the query of {askedBy}:\n{query}\n{e.Message}");
            }
        }

        return new CheckedQuery(module, askedBy, isOfTests, query, sqlServer, failures);
    }

    /// <summary>A query is compiled on the stack of the method that runs it.</summary>
    private static (string Name, bool IsOfTests) Asker()
    {
        foreach (var frame in new StackTrace(fNeedFileInfo: false).GetFrames())
        {
            if (frame.GetMethod()?.DeclaringType is { } type && type.Assembly.GetName().Name is { } assembly
                && (assembly.StartsWith("ModularShop.", StringComparison.Ordinal) || assembly.EndsWith(".Tests", StringComparison.Ordinal))
                && type != typeof(QueriesOnEveryEngine) && type.DeclaringType != typeof(QueriesOnEveryEngine))
            {
                var outermost = type;
                while (outermost.DeclaringType is { } outer)
                {
                    outermost = outer;
                }

                return (outermost.Name, assembly.EndsWith(".Tests", StringComparison.Ordinal) || outermost.Assembly == typeof(QueriesOnEveryEngine).Assembly);
            }
        }

        return ("an unknown method", false);
    }
}

/// <summary>One query of one module, and what the engines that its test did not run on said to it.</summary>
public sealed record CheckedQuery(string Module, string AskedBy, bool IsOfTests, string Query, string SqlServer, IReadOnlyList<string> Failures);
