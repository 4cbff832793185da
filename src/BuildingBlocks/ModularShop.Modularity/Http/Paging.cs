using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;

namespace ModularShop.Modularity.Http;

/// <summary>A page of a list: <c>next</c> goes into <c>?after=</c> for the following one and is null on the last.</summary>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Next)
{
    /// <summary>From one row more than <paramref name="size"/> asked for, so that the last page is known to be the last.</summary>
    public static Page<T> Of<TRow>(IReadOnlyList<TRow> rows, int size, Func<TRow, T> item, Func<TRow, object> position) => rows.Count > size
        ? new Page<T>([.. rows.Take(size).Select(item)], Cursor.Encode(position(rows[size - 1])))
        : new Page<T>([.. rows.Select(item)], null);
}

/// <summary>A position in a sorted list (keyset paging): the sort values of the last row seen, opaque to clients.</summary>
public static class Cursor
{
    public const int DefaultSize = 20;

    public const int MaxSize = 100;

    /// <summary>A position that lacks a value is none.</summary>
    private static readonly JsonSerializerOptions Strict = new() { RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true };

    public static string Encode(object position) => WebEncoders.Base64UrlEncode(JsonSerializer.SerializeToUtf8Bytes(position, position.GetType()));

    /// <summary>False where the text is not a cursor of this list: cut off, edited, or of another list.</summary>
    public static bool TryDecode<T>(string text, out T position)
        where T : notnull
    {
        position = default!;
        try
        {
            if (text.Length <= 1000 && JsonSerializer.Deserialize<T>(WebEncoders.Base64UrlDecode(text), Strict) is { } decoded)
            {
                position = decoded;
                return true;
            }
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
            // Not a cursor.
        }

        return false;
    }
}
