namespace ModularShop.Broken.Contracts;

public interface IBrokenApi
{
    Task<bool> IsKnownAsync(Guid id, CancellationToken cancellationToken);

    Task<bool> RenameAsync(Guid id, CancellationToken cancellationToken);

    Task GetNothingAsync(Guid id, CancellationToken cancellationToken);

    ValueTask<bool> IsOldAsync(Guid id, CancellationToken cancellationToken);

    int CountAll(CancellationToken cancellationToken);

    Task<bool> HasPartsAsync(Guid id);

    Task<bool> CanRenameAsync(RenameGadget command, CancellationToken cancellationToken);

    Task<bool> IssueAsync(CancellationToken cancellationToken);
}

public sealed record RenameGadget(Guid Id, string Name) : ICommandMessage;

public sealed record GadgetBroke(string Code) : IIntegrationEvent;
