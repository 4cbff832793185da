using ModularShop.Host.Pages;
using ModularShop.Modularity.Security;

namespace ModularShop.Host.Storefront;

/// <summary>What the shop knows of somebody, for them to change. Operators have no shop account: they change their password here.</summary>
internal static class AccountPages
{
    /// <summary>What the API says of a password that is too easy, before one is typed.</summary>
    public const string PasswordRule = "At least 12 characters; or 10, with three of: small letters, capitals, digits, others.";

    private const string Me = "/api/v1/customers/me";

    public static void MapAccount(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/account", (Visit visit) => ShowAsync(visit, refused: null)).WithName("Storefront.Account").ForCustomersAndOperators();
        pages.MapPost("/account/profile", ProfileAsync).WithName("Storefront.UpdateProfile").ForCustomers();
        pages.MapPost("/account/email", EmailAsync).WithName("Storefront.ChangeEmail").ForCustomers();
        pages.MapPost("/account/password", PasswordAsync).WithName("Storefront.ChangePassword").ForCustomersAndOperators();
        pages.MapPost("/account/preferences", PreferencesAsync).WithName("Storefront.ChangePreferences").ForCustomers();
        pages.MapPost("/account/sessions/end", EndSessionsAsync).WithName("Storefront.LogOutEverywhere").ForCustomersAndOperators();
        pages.MapGet("/account/close", (Visit visit) => visit.Show<CloseAccountPage, ApiProblem?>(null)).WithName("Storefront.CloseAccountPage").ForCustomers();
        pages.MapPost("/account/close", CloseAsync).WithName("Storefront.CloseAccount").ForCustomers();
        pages.MapFormsOf("/account", "/account/profile", "/account/email", "/account/password", "/account/preferences", "/account/sessions/end");
    }

    private static async Task<IResult> ShowAsync(Visit visit, RefusedForm? refused)
    {
        if (!visit.IsCustomer)
        {
            return Show(new Account(null, null, [], refused));
        }

        var profile = visit.Api.GetAsync<Profile>(Me);
        var preferences = visit.Api.GetAsync<Preferences>(Me + "/preferences");
        var addresses = visit.Api.GetAsync<Listed<SavedAddress>>(Me + "/addresses");
        await Task.WhenAll(profile, preferences, addresses);
        return Show(new Account((await profile).Needed(), (await preferences).Needed(), (await addresses).Needed().Items, refused));

        IResult Show(Account account) => visit.Show<AccountPage, Account>(account, refused?.Problem.Status ?? StatusCodes.Status200OK);
    }

    private static async Task<IResult> ProfileAsync(Visit visit, IFormCollection form)
    {
        var phone = form["phone"].ToString().Trim();
        var answer = await visit.Api.PutAsync<object>(Me, new { name = form["name"].ToString(), phone = phone.Length == 0 ? null : phone });
        if (answer.Problem is null && PageSessions.RefreshTokenOf(visit.Http) is { Length: > 0 } refreshToken
            && (await visit.Api.PostAsync<Tokens>("/api/v1/customers/refresh", new { refreshToken })).Value is { } tokens)
        {
            // The name is in the token, from which every page takes it.
            PageSessions.Keep(visit.Http, tokens);
        }

        return await DoneAsync(visit, form, "profile", answer, "Your name and number are changed.");
    }

    private static async Task<IResult> EmailAsync(Visit visit, IFormCollection form) => await DoneAsync(
        visit, form, "email", await visit.Api.PutAsync<object>(Me + "/email", new { email = form["email"].ToString(), password = form["password"].ToString() }),
        "Your email address is changed; log in with the new one from now on.");

    private static async Task<IResult> PasswordAsync(Visit visit, IFormCollection form)
    {
        var (current, wanted) = (form["currentPassword"].ToString(), form["newPassword"].ToString());
        return await DoneAsync(
            visit, form, "password", await visit.Api.PutAsync<object>(Me + "/password", new { currentPassword = current, newPassword = wanted }),
            "Your password is changed; everywhere else you are logged out.");
    }

    private static async Task<IResult> PreferencesAsync(Visit visit, IFormCollection form) => await DoneAsync(
        visit, form, "preferences",
        await visit.Api.PutAsync<object>(Me + "/preferences", new
        {
            language = form["language"].ToString(), currency = form["currency"].ToString(), marketingConsent = form["marketing"] == "yes",
        }),
        "Your preferences are saved.");

    private static async Task<IResult> EndSessionsAsync(Visit visit, IFormCollection form)
    {
        (await visit.Api.PostAsync<object>("/api/v1/customers/logout-everywhere")).Done();
        PageSessions.Forget(visit.Http);
        return visit.Go("/", "You are logged out everywhere.");
    }

    private static async Task<IResult> CloseAsync(Visit visit, IFormCollection form)
    {
        if (form["sure"] != "yes")
        {
            var unsure = new ApiProblem(400, "sure", "Tick the box if you are sure. Nothing was done.");
            return visit.Show<CloseAccountPage, ApiProblem?>(unsure, unsure.Status);
        }

        (await visit.Api.DeleteAsync<object>(Me)).Done();
        PageSessions.Forget(visit.Http);
        return visit.Go("/", "Your account is closed, and your personal data are removed. Goodbye!");
    }

    /// <summary>To the page anew; or the page with what was typed, and why it was refused.</summary>
    private static async Task<IResult> DoneAsync(Visit visit, IFormCollection form, string name, ApiAnswer<object> answer, string notice)
    {
        if (answer.Problem is { Status: < 500 and not 401 } problem)
        {
            return await ShowAsync(visit, new RefusedForm(name, problem, form));
        }

        answer.Done();
        return visit.Go("/account", notice);
    }
}

/// <param name="Profile">Null for operators.</param>
/// <param name="Refused">The form whose change was refused.</param>
public sealed record Account(Profile? Profile, Preferences? Preferences, IReadOnlyList<SavedAddress> Addresses, RefusedForm? Refused)
{
    public ApiProblem? ProblemOf(string form) => Refused?.Name == form ? Refused.Problem : null;

    /// <summary>What was typed there, else what is so.</summary>
    public string Value(string form, string field, string? present) => Refused?.Name == form ? Refused.Typed[field].ToString() : present ?? "";

    /// <summary>The same of a box, which is sent only where it is ticked.</summary>
    public bool IsTicked(string form, string field, bool present) => Refused?.Name == form ? Refused.Typed[field] == "yes" : present;
}

public sealed record RefusedForm(string Name, ApiProblem Problem, IFormCollection Typed);
