using Microsoft.EntityFrameworkCore.Migrations;

namespace ModularShop.Broken.Domain
{
    public sealed class Published
    {
        public sealed class Inner;

        internal sealed class Hidden;
    }

    public enum PublishedEnum
    {
        Only,
    }

    internal class Derivable;

    internal record DerivableRecord(int Number);

    internal sealed class Outer
    {
        public sealed class Hidden;

        public class Derivable;
    }

    internal enum BrokenError
    {
        [Status(404)] GadgetNotFound,
        GadgetBroke,
    }
}

namespace ModularShop.Broken.Infrastructure.Migrations.Sqlite
{
    public partial class Initial : Migration
    {
        protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("INSERT INTO neighbour.widgets VALUES (1)");
    }
}
