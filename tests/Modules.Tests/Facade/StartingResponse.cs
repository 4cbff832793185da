using Microsoft.AspNetCore.Http.Features;

namespace Modules.Tests.Facade;

/// <summary>A response that starts when a test says so.</summary>
internal sealed class StartingResponse : HttpResponseFeature
{
    public Func<Task> Start { get; private set; } = () => Task.CompletedTask;

    public override void OnStarting(Func<object, Task> callback, object state) => Start = () => callback(state);
}
