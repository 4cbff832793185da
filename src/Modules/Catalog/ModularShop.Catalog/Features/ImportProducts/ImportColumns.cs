using System.Globalization;
using ModularShop.Catalog.Domain;
using ModularShop.Catalog.Infrastructure.Csv;

namespace ModularShop.Catalog.Features.ImportProducts;

/// <summary>The columns of a file, as its first line names them, and what their cells may hold.</summary>
internal sealed class ImportColumns
{
    private const string QuantityPerUnit = "quantity_per_unit";
    private const string CategorySeparator = " > ";

    private static readonly string[] Required = ["sku", "name", "category", "price", "currency"];

    private static readonly string[] Optional =
        ["description", "brand", "stock", "discontinued", QuantityPerUnit, "weight_grams", "attributes"];

    private readonly List<string> _names;

    private ImportColumns(List<string> names) => _names = names;

    public static Result<ImportColumns> Of(CsvRecord? header)
    {
        if (header is null || header.Problem is not null)
        {
            return CatalogError.ImportHeader.Because($"The first line must name the columns, {string.Join(',', Required)} at least. {header?.Problem ?? "The file is empty."}");
        }

        var names = header.Fields.Select(f => f.Trim().ToLowerInvariant()).ToList();
        List<string> problems =
        [
            .. Required.Except(names, StringComparer.Ordinal).Select(n => $"'{n}' is missing."),
            .. names.Except([.. Required, .. Optional], StringComparer.Ordinal).Select(n => $"'{Shown(n)}' is unknown."),
            .. names.GroupBy(n => n, StringComparer.Ordinal).Where(g => g.Count() > 1).Select(g => $"'{Shown(g.Key)}' is there more than once."),
        ];
        return problems.Count == 0
            ? new ImportColumns(names)
            : CatalogError.ImportHeader.Because(
                $"The columns in line {header.Line} are not right: {string.Join(' ', problems.Take(20))} Required: {string.Join(", ", Required)}. Optional: {string.Join(", ", Optional)}.");
    }

    /// <summary>The row, or all that is wrong with it.</summary>
    public (ImportRow? Row, IReadOnlyList<ImportError> Errors) Read(CsvRecord record)
    {
        if (record.Problem is not null)
        {
            return (null, [new ImportError(record.Line, _names.ElementAtOrDefault(record.Fields.Count), record.Problem)]);
        }

        if (record.Fields.Count != _names.Count)
        {
            return (null, [new ImportError(record.Line, null, $"The line has {record.Fields.Count} fields; the first line names {_names.Count}.")]);
        }

        var cells = new Cells(_names, record);
        var row = new ImportRow(
            record.Line, ReadSku(cells), cells.Text("name", Product.MaxNameLength, isRequired: true) ?? "", ReadCategories(cells), ReadPrice(cells),
            cells.Text("description", Product.MaxDescriptionLength), cells.Text("brand", Product.MaxBrandLength), cells.Number("stock", StockItem.MaxOnHand),
            ReadDiscontinued(cells), cells.Number("weight_grams", Product.MaxWeight), ReadAttributes(cells));
        return cells.Errors.Count == 0 ? (row, []) : (null, cells.Errors);
    }

    private static string ReadSku(Cells cells)
    {
        var sku = Sku.Normalise(cells.Text("sku", int.MaxValue, isRequired: true) ?? "");
        if (sku.Length > 0 && !Sku.IsValid(sku))
        {
            cells.Wrong("sku", $"'{Shown(sku)}' is no sku. {Sku.Rule}");
        }

        return sku;
    }

    private static string[] ReadCategories(Cells cells)
    {
        if (cells.Text("category", int.MaxValue, isRequired: true) is not { } cell)
        {
            return [];
        }

        var names = cell.Split(CategorySeparator, StringSplitOptions.TrimEntries);
        if (Array.Exists(names, n => n.Length > Category.MaxNameLength || Category.Slug(n).Length == 0))
        {
            cells.Wrong("category", $"The name of a category is 1 to {Category.MaxNameLength} characters, at least one of them a letter or digit; names are joined by '{CategorySeparator}'.");
        }
        else if (names.Length > Category.MaxDepth || names.Sum(n => Category.Slug(n).Length + 1) - 1 > Category.MaxPathLength)
        {
            cells.Wrong("category", $"The tree has at most {Category.MaxDepth} levels, and a path {Category.MaxPathLength} characters.");
        }

        return names;
    }

    private static Money ReadPrice(Cells cells)
    {
        var price = cells.Text("price", int.MaxValue, isRequired: true);
        var currency = cells.Text("currency", int.MaxValue, isRequired: true);
        var isKnown = Currencies.TryGetMinorUnits(currency ?? "", out var digits);
        if (currency is not null && !isKnown)
        {
            cells.Wrong("currency", $"'{Shown(currency)}' is no currency the shop knows; it takes ISO 4217 codes such as EUR.");
        }

        if (price is null)
        {
            return default;
        }

        if (!decimal.TryParse(price, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value))
        {
            cells.Wrong("price", $"'{Shown(price)}' is no number such as 18.00.");
        }
        else if (value <= 0)
        {
            cells.Wrong("price", $"'{Shown(price)}' is not more than nothing.");
        }
        else if (isKnown && decimal.Round(value, digits) != value)
        {
            cells.Wrong("price", $"'{Shown(price)}' has more decimals than {currency}, which has {digits}.");
        }
        else if (isKnown)
        {
            if (Money.TryParse(price, currency!, out var money) && money.Amount <= Product.MaxPrice)
            {
                return money;
            }

            cells.Wrong("price", $"'{Shown(price)}' is too much: a price is at most {new Money(Product.MaxPrice, currency!)}.");
        }

        return default;
    }

    private static bool? ReadDiscontinued(Cells cells)
    {
        switch (cells.Text("discontinued", int.MaxValue)?.ToLowerInvariant())
        {
            case null:
                return null;
            case "t" or "true":
                return true;
            case "f" or "false":
                return false;
            case var other:
                cells.Wrong("discontinued", $"'{Shown(other)}' is none of t, f, true, false.");
                return null;
        }
    }

    private static Dictionary<string, string> ReadAttributes(Cells cells)
    {
        var attributes = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in (cells.Text("attributes", int.MaxValue) ?? "").Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            var (name, value) = equals < 0 ? ("", "") : (pair[..equals].Trim(), pair[(equals + 1)..].Trim());
            if (name.Length is 0 or > Product.MaxAttributeNameLength || value.Length > Product.MaxAttributeValueLength)
            {
                cells.Wrong("attributes", $"'{Shown(pair)}' is no name=value, with at most {Product.MaxAttributeNameLength} and {Product.MaxAttributeValueLength} characters; pairs are joined by ';'.");
            }
            else if (!attributes.TryAdd(name, value))
            {
                cells.Wrong("attributes", $"'{Shown(name)}' is there more than once.");
            }
        }

        if (cells.Text(QuantityPerUnit, Product.MaxAttributeValueLength) is { } quantity && !attributes.TryAdd(QuantityPerUnit, quantity))
        {
            cells.Wrong(QuantityPerUnit, "It is among the attributes too; give it once.");
        }

        if (attributes.Count > Product.MaxAttributes)
        {
            cells.Wrong("attributes", $"A product has at most {Product.MaxAttributes} attributes.");
        }

        return attributes;
    }

    private static string Shown(string text) => text.Length <= 40 ? text : text[..40] + "…";

    private sealed class Cells(List<string> names, CsvRecord record)
    {
        private readonly List<ImportError> _errors = [];

        public IReadOnlyList<ImportError> Errors => _errors;

        public void Wrong(string column, string reason) => _errors.Add(new ImportError(record.Line, column, reason));

        /// <summary>Null where the column is absent or the cell empty.</summary>
        public string? Text(string column, int maxLength, bool isRequired = false)
        {
            var index = names.IndexOf(column);
            var cell = index < 0 ? "" : record.Fields[index].Trim();
            if (cell.Length == 0)
            {
                if (isRequired)
                {
                    Wrong(column, "It is empty.");
                }

                return null;
            }

            if (cell.Length > maxLength)
            {
                Wrong(column, $"It has {cell.Length} characters; at most {maxLength} are allowed.");
            }
            else if (cell.Contains('�', StringComparison.Ordinal))
            {
                Wrong(column, "It is not valid UTF-8.");
            }
            else if (!Domain.Text.IsPlain(cell))
            {
                Wrong(column, Domain.Text.Rule);
            }

            return cell;
        }

        public int? Number(string column, int max)
        {
            if (Text(column, int.MaxValue) is not { } cell)
            {
                return null;
            }

            if (int.TryParse(cell, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= 0 && number <= max)
            {
                return number;
            }

            Wrong(column, $"'{Shown(cell)}' is no whole number from 0 to {max}.");
            return null;
        }
    }
}
