using Microsoft.AspNetCore.Http;

namespace ModularShop.Broken.Contracts;

public sealed class GadgetDto
{
    public const int MostTags = 3;

    public static readonly int Version = 1;

    public int Length;

    public Guid Id { get; init; }

    public string Name { get; set; } = "";

    public string Secret { get; private set; } = "";

    public List<string> Tags { get; init; } = [];

    public string[] Notes { get; init; } = [];

    public byte[] Picture { get; init; } = [];
}

public sealed class GadgetFiles
{
    public Stream? Open(string path) => File.Exists(path) ? File.OpenRead(path) : null;

    public IResult? Result() => null;
}
