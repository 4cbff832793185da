using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace ModularShop.Host.Console;

/// <summary>A name of which a long one goes on in the next line behind a dot; without a space, which would be part of what is copied.</summary>
public sealed class DottedName : ComponentBase
{
    [Parameter, EditorRequired]
    public required string Name { get; set; }

    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        var parts = Name.Split('.');
        foreach (var part in parts[..^1])
        {
            builder.AddContent(0, $"{part}.");
            builder.OpenElement(1, "wbr");
            builder.CloseElement();
        }

        builder.AddContent(2, parts[^1]);
    }
}
