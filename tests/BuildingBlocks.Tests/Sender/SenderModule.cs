using BuildingBlocks.Tests.Receiver;
using Microsoft.AspNetCore.Routing;
using ModularShop.Modularity.Apis;
using ModularShop.Modularity.Pipeline;

namespace BuildingBlocks.Tests.Sender;

internal sealed class SenderModule : IModule
{
    public string Name => "Sender";

    public void AddServices(ModuleBuilder module) => module.AddDatabase<SenderDbContext>().AddMessaging<SenderDbContext>().UseApi<IReceiverApi>();

    public void MapEndpoints(IEndpointRouteBuilder api)
    {
    }
}

internal sealed class SenderDbContext(DbContextOptions<SenderDbContext> options) : ModuleDbContext(options)
{
    public override string Schema => "sender";

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.AddMessaging();
        modelBuilder.Entity<Speaker>(speaker =>
        {
            speaker.ToTable("speakers");
            speaker.Property(s => s.Name).HasMaxLength(100);
            speaker.HasIndex(s => s.Name).IsUnique();
            speaker.OwnsMany(s => s.Notes, note =>
            {
                note.ToTable("notes");
                note.WithOwner().HasForeignKey(n => n.SpeakerId);
                note.HasKey(n => new { n.SpeakerId, n.Number });
            });
        });
    }
}

internal sealed class WhenReminded(SenderDbContext db) : IMessageHandler<Reminded>
{
    public async Task Handle(Received<Reminded> notification, CancellationToken cancellationToken) =>
        (await db.Set<Speaker>().SingleAsync(s => s.Name == notification.Message.Who, cancellationToken)).WasReminded = true;
}

/// <summary>Counts up the speaker of that name, which it makes if need be.</summary>
internal sealed record Speak(string Name, int Times, bool Refuse = false) : ICommand<Result<int>>;

internal enum SpeakError
{
    [Status(409)] Refused,
}

internal sealed class SpeakValidator : FluentValidation.AbstractValidator<Speak>
{
    public SpeakValidator()
    {
        FluentValidation.DefaultValidatorExtensions.NotEmpty(RuleFor(s => s.Name));
        FluentValidation.DefaultValidatorExtensions.InclusiveBetween(RuleFor(s => s.Times), 1, 100);
    }
}

internal sealed class SpeakHandler(SenderDbContext db, SpeakHandler.Runs runs) : MediatR.IRequestHandler<Speak, Result<int>>
{
    public async Task<Result<int>> Handle(Speak request, CancellationToken cancellationToken)
    {
        runs.Count++;
        var speaker = await db.Set<Speaker>().SingleOrDefaultAsync(s => s.Name == request.Name, cancellationToken);
        if (speaker is null)
        {
            speaker = new Speaker { Name = request.Name };
            db.Add(speaker);
        }

        speaker.Say(request.Times);
        await runs.BeforeSave();
        return request.Refuse ? SpeakError.Refused.Because($"{request.Name} was not allowed to speak.") : speaker.Said;
    }

    internal sealed class Runs
    {
        public int Count { get; set; }

        public Func<Task> BeforeSave { get; set; } = () => Task.CompletedTask;
    }
}
