using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Query;
using Microsoft.EntityFrameworkCore.Query.SqlExpressions;
using ModularShop.Modularity.Data;

namespace ModularShop.TestKit;

/// <summary>The steps in which EF makes SQL of a query, without those that make code that runs it.</summary>
internal static class EngineTranslation
{
    /// <summary>False where the query is SQL already.</summary>
    public static bool HasTables(Expression query)
    {
        var search = new Tables();
        search.Visit(query);
        return search.Found;
    }

    /// <param name="context">Of the engine to translate for; the query may be another engine's.</param>
    public static string Sql(ModuleDbContext context, Expression query)
    {
        var compilation = context.GetService<IQueryCompilationContextFactory>().Create(async: false);
        var prepared = context.GetService<IQueryTranslationPreprocessorFactory>().Create(compilation).Process(new Tables(context).Visit(query));
        var translated = context.GetService<IQueryableMethodTranslatingExpressionVisitorFactory>().Create(compilation).Translate(prepared);
        var finished = context.GetService<IQueryTranslationPostprocessorFactory>().Create(compilation).Process(translated);
        var statement = finished is ShapedQueryExpression shaped ? shaped.QueryExpression : finished;

        var values = new Values();
        values.Visit(statement);
        var lists = RelationalOptionsExtension.Extract(context.GetService<IDbContextOptions>()).ParameterizedCollectionMode;
#pragma warning disable EF1001 // the factory is public, its argument is not
        var processor = context.GetService<IRelationalParameterBasedSqlProcessorFactory>().Create(new RelationalParameterBasedSqlProcessorParameters(useRelationalNulls: false, lists));
#pragma warning restore EF1001
        var withValues = processor.Process(statement, new ParametersCacheDecorator(values.Found));
        return context.GetService<IQuerySqlGeneratorFactory>().Create().GetCommand(withValues).CommandText;
    }

    /// <summary>Replaces the tables by those of another context's model.</summary>
    private sealed class Tables(ModuleDbContext? context = null) : ExpressionVisitor
    {
        public bool Found { get; private set; }

        protected override Expression VisitExtension(Expression node)
        {
            if (node is not EntityQueryRootExpression root || node.GetType() != typeof(EntityQueryRootExpression))
            {
                return base.VisitExtension(node);
            }

            Found = true;
            return context is null ? root : new EntityQueryRootExpression(context.Model.FindEntityType(root.EntityType.Name)!);
        }
    }

    /// <summary>A value for every parameter: the shape of the SQL depends on which are null and how many a list has.</summary>
    private sealed class Values : ExpressionVisitor
    {
        public Dictionary<string, object?> Found { get; } = new(StringComparer.Ordinal);

        protected override Expression VisitExtension(Expression node)
        {
            if (node is SqlParameterExpression parameter)
            {
                Found[parameter.Name] = Of(parameter.Type);
            }

            return base.VisitExtension(node);
        }

        private static object Of(Type type)
        {
            var elements = type == typeof(string) || type == typeof(byte[])
                ? null
                : type.GetInterfaces().Append(type).FirstOrDefault(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IEnumerable<>))?.GetGenericArguments()[0];
            if (elements is not null)
            {
                var list = Array.CreateInstance(elements, 2);
                list.SetValue(Of(elements), 0);
                list.SetValue(Of(elements), 1);
                return list;
            }

            return type == typeof(string) ? "x" : type == typeof(byte[]) ? Array.Empty<byte>() : Activator.CreateInstance(Nullable.GetUnderlyingType(type) ?? type)!;
        }
    }
}
