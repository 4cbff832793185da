using System.CommandLine;

namespace ModularShop.Cli.Routes;

internal static class Explain
{
    public static Command Make()
    {
        var request = new Argument<string>("request") { Description = "Method and path, in quotes." };
        return new ShopCommand(
            "explain",
            "What happens to a request, and why.",
            "./shop routes explain \"GET /api/v1/catalog/products/42\"",
            "./shop routes explain \"POST /api/v1/catalog/products\"")
        {
            request,
        }.Does((parsed, shop, cancellationToken) => shop.AskAsync<Explanation>(
            $"{ListRoutes.Path}/explain?request={Uri.EscapeDataString(parsed.GetRequiredValue(request))}",
            e =>
            {
                shop.Output.Line($"endpoint  {e.Endpoint}  ({e.Path})");
                shop.Output.Line($"answers   {e.Answers}");
                shop.Output.Line($"mode      {e.Mode}, in revision {e.Revision}");
                shop.Output.Line($"data      {e.Owner}, epoch {e.Epoch}");
                shop.Output.Line($"because   {e.Because}");
            },
            cancellationToken));
    }
}
