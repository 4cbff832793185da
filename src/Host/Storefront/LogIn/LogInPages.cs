using Microsoft.AspNetCore.Antiforgery;
using ModularShop.Host.Pages;
using ModularShop.Modularity.Security;

namespace ModularShop.Host.Storefront;

/// <summary>Logging in and out; the session is the API's, its tokens are in cookies.</summary>
internal static class LogInPages
{
    public static void MapLogIn(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/login", (Visit visit, string? @return) => visit.Show<LogInPage, LogInForm>(new LogInForm("", Visit.Local(@return), null)))
            .WithName("Storefront.LogInPage").ForEveryone();
        pages.MapPost("/login", LogInAsync).WithName("Storefront.LogIn").ForEveryone();
        pages.MapFormsOf("/", "/logout");
        pages.MapPost("/logout", LogOutAsync).WithName("Storefront.LogOut").WithMetadata(new PageMetadata(Renews: false)).ForEveryone();
    }

    private static async Task<IResult> LogInAsync(Visit visit, IFormCollection form)
    {
        var (email, back) = (form["email"].ToString(), Visit.Local(form["return"]));
        var answer = await visit.Api.PostAsync<Tokens>("/api/v1/customers/login", new { email, password = form["password"].ToString(), anonymousCartId = AnonymousCart.Of(visit.Http) });
        if (answer.Refusal() is { } problem)
        {
            return visit.Show<LogInPage, LogInForm>(new LogInForm(email, back, problem), problem.Status);
        }

        PageSessions.Keep(visit.Http, answer.Needed());
        await CurrentCart.FollowAsync(visit);
        return visit.Go(back);
    }

    /// <summary>Always possible on this browser, whether the API answers or not.</summary>
    private static async Task<IResult> LogOutAsync(Visit visit, IAntiforgery antiforgery)
    {
        var refreshToken = PageSessions.RefreshTokenOf(visit.Http);
        if (visit.IsLoggedIn || refreshToken is null)
        {
            await antiforgery.ValidateRequestAsync(visit.Http);
        }

        // Else the form is one of somebody who is not known without a renewal; the cookie, which no other site's form is sent with, speaks for it.
        if (refreshToken is not null)
        {
            try
            {
                await visit.Api.PostAsync<object>("/api/v1/customers/logout", new { refreshToken });
            }
            catch (TimeoutException)
            {
                // The session ends by itself.
            }
        }

        PageSessions.Forget(visit.Http);
        return visit.Go("/", "You are logged out.");
    }
}

/// <param name="Return">Where to go then.</param>
public sealed record LogInForm(string Email, string Return, ApiProblem? Problem);
