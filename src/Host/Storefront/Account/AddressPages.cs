using ModularShop.Host.Pages;
using ModularShop.Modularity.Security;

namespace ModularShop.Host.Storefront;

/// <summary>The address book.</summary>
internal static class AddressPages
{
    private const string Addresses = "/api/v1/customers/me/addresses";

    public static void MapAddresses(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/account/addresses/new", (Visit visit) => Show(visit, null, AddressForm.For(visit))).WithName("Storefront.NewAddressPage").ForCustomers();
        pages.MapPost("/account/addresses/new", AddAsync).WithName("Storefront.AddAddress").ForCustomers();
        pages.MapGet("/account/addresses/{id:guid}", EditAsync).WithName("Storefront.AddressPage").ForCustomers();
        pages.MapPost("/account/addresses/{id:guid}", ChangeAsync).WithName("Storefront.ChangeAddress").ForCustomers();
        pages.MapPost("/account/addresses/{id:guid}/remove", RemoveAsync).WithName("Storefront.RemoveAddress").ForCustomers();
        pages.MapPost("/account/addresses/{id:guid}/default", PreferAsync).WithName("Storefront.PreferAddress").ForCustomers();
        pages.MapFormsOf("/account", "/account/addresses/{id:guid}/remove", "/account/addresses/{id:guid}/default");
    }

    private static async Task<IResult> AddAsync(Visit visit, IFormCollection form)
    {
        var typed = AddressForm.Read(form);
        return Done(visit, null, typed, await visit.Api.PostAsync<SavedAddress>(Addresses, typed), "The address is saved.");
    }

    private static async Task<IResult> EditAsync(Visit visit, Guid id)
    {
        var all = (await visit.Api.GetAsync<Listed<SavedAddress>>(Addresses)).Needed().Items;
        return all.FirstOrDefault(a => a.Id == id) is { } address
            ? Show(visit, id, new AddressForm(address.Postal))
            : throw new ApiRefusedException(new ApiProblem(StatusCodes.Status404NotFound, "address", "There is no such address of yours any more."));
    }

    private static async Task<IResult> ChangeAsync(Visit visit, Guid id, IFormCollection form)
    {
        var typed = AddressForm.Read(form);
        return Done(visit, id, typed, await visit.Api.PutAsync<SavedAddress>($"{Addresses}/{id}", typed), "The address is changed.");
    }

    private static async Task<IResult> RemoveAsync(Visit visit, Guid id, IFormCollection form)
    {
        // Where it is gone already, that is what was wanted.
        (await visit.Api.DeleteAsync<object>($"{Addresses}/{id}")).Unless404();
        return visit.Go("/account", "The address is removed.");
    }

    private static async Task<IResult> PreferAsync(Visit visit, Guid id, IFormCollection form)
    {
        (await visit.Api.PutAsync<object>($"{Addresses}/{id}/default", new { })).Done();
        return visit.Go("/account", "That is your usual address from now on.");
    }

    private static void Unless404(this ApiAnswer<object> answer)
    {
        if (answer.Status != StatusCodes.Status404NotFound)
        {
            answer.Done();
        }
    }

    private static IResult Done(Visit visit, Guid? id, PostalAddress typed, ApiAnswer<SavedAddress> answer, string notice)
    {
        if (answer.Problem is { Status: < 500 and not 401 } problem)
        {
            return Show(visit, id, new AddressForm(typed, problem));
        }

        answer.Done();
        return visit.Go("/account", notice);
    }

    private static IResult Show(Visit visit, Guid? id, AddressForm form) =>
        visit.Show<EditAddressPage, EditedAddress>(new EditedAddress(id, form), form.Problem?.Status ?? StatusCodes.Status200OK);
}

/// <param name="Id">Null: a new one.</param>
public sealed record EditedAddress(Guid? Id, AddressForm Form);
