namespace ModularShop.MoveTables;

/// <summary>Goes through the durable steps of a move.</summary>
internal class MoveSteps
{
    public async Task DoAsync(MoveStep step, Func<Task> work)
    {
        Reached(step, isDone: false);
        await work();
        Reached(step, isDone: true);
    }

    /// <summary>Right before and right after each step: here tests let it break off, and the process die.</summary>
    protected virtual void Reached(MoveStep step, bool isDone)
    {
    }
}
