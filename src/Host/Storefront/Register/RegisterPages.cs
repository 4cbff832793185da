using ModularShop.Host.Pages;
using ModularShop.Modularity.Security;

namespace ModularShop.Host.Storefront;

internal static class RegisterPages
{
    public static void MapRegister(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/register", (Visit visit, string? @return) => visit.Show<RegisterPage, RegisterForm>(new RegisterForm("", "", Visit.Local(@return), null)))
            .WithName("Storefront.RegisterPage").ForEveryone();
        pages.MapPost("/register", RegisterAsync).WithName("Storefront.Register").ForEveryone();
    }

    private static async Task<IResult> RegisterAsync(Visit visit, IFormCollection form)
    {
        var (name, email, back) = (form["name"].ToString(), form["email"].ToString(), Visit.Local(form["return"]));
        var answer = await visit.Api.PostAsync<Tokens>("/api/v1/customers/registration", new
        {
            name, email, password = form["password"].ToString(), anonymousCartId = AnonymousCart.Of(visit.Http),
        });
        if (answer.Refusal() is { } problem)
        {
            return visit.Show<RegisterPage, RegisterForm>(new RegisterForm(name, email, back, problem), problem.Status);
        }

        PageSessions.Keep(visit.Http, answer.Needed());
        await CurrentCart.FollowAsync(visit);
        return visit.Go(back, $"Welcome, {name.Trim()}!");
    }
}

/// <param name="Return">Where to go then.</param>
public sealed record RegisterForm(string Name, string Email, string Return, ApiProblem? Problem);
