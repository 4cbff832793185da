using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace ModularShop.Host.Console;

/// <summary>The element <c>text</c> of a drawing, a word that Razor has a meaning of its own for.</summary>
public sealed class SvgText : ComponentBase
{
    [Parameter, EditorRequired]
    public required string X { get; set; }

    [Parameter, EditorRequired]
    public required string Y { get; set; }

    [Parameter, EditorRequired]
    public required string Said { get; set; }

    [Parameter]
    public string? Look { get; set; }

    [Parameter]
    public string Anchor { get; set; } = "start";

    /// <summary>How far below its place.</summary>
    [Parameter]
    public string? Down { get; set; }

    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        builder.OpenElement(0, "text");
        builder.AddAttribute(1, "class", Look);
        builder.AddAttribute(2, "x", X);
        builder.AddAttribute(3, "y", Y);
        builder.AddAttribute(4, "dy", Down);
        builder.AddAttribute(5, "text-anchor", Anchor);
        builder.AddContent(6, Said);
        builder.CloseElement();
    }
}
