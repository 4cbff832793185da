using MediatR;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ModularShop.Modularity.Data;
using ModularShop.Modularity.Domain;
using ModularShop.Modularity.Modules;

namespace ModularShop.Modularity.Pipeline;

/// <summary>
/// Saves what a successful command changed, messages included, in one transaction; saves nothing of a failed
/// one. Where somebody else was faster, the command runs again from the start on fresh data.
/// </summary>
internal sealed class UnitOfWorkBehavior<TRequest, TOutcome>(IServiceProvider services, ModuleRegistry modules, TimeProvider time) : IPipelineBehavior<TRequest, TOutcome>
    where TRequest : ICommand<TOutcome>
    where TOutcome : IOutcome<TOutcome>
{
    private const int Attempts = 8;

    public async Task<TOutcome> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TOutcome> next)
    {
        var context = (ModuleDbContext)services.GetRequiredService(modules.Of(typeof(TRequest)).DbContextType);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var outcome = await next();
                if (outcome.Error is not null)
                {
                    context.ChangeTracker.Clear();
                    return outcome;
                }

                // A crash before this commit: nothing has happened and the client has no answer. After it: all has
                // happened, messages included, and the dispatcher of the next process sends them.
                await context.SaveChangesAsync(cancellationToken);
                return outcome;
            }
            catch (Exception e) when ((e is DbUpdateConcurrencyException || e.IsDeadlock()) && attempt < Attempts)
            {
                context.ChangeTracker.Clear();
            }
            catch (DbUpdateException e) when (e.IsUniqueViolation() && attempt < 3)
            {
                // Somebody inserted the same key since the handler looked: run again, it will find theirs.
                context.ChangeTracker.Clear();
            }
            catch (Exception e) when (e is DbUpdateConcurrencyException || e.IsDeadlock())
            {
                return TOutcome.Failed(RequestError.Conflict.Because("Others keep changing the same thing at the same time; nothing was saved. Try again."));
            }

            // Those who collided would collide again if all came back at once.
            await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(1, 2 << attempt)), time, cancellationToken);
        }
    }
}
