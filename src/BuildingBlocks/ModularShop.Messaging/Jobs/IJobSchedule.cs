namespace ModularShop.Messaging;

/// <summary>
/// What runs a module's recurring jobs at their times. One of two, chosen when the product is built: Quartz, or
/// Hangfire with <c>-p:BackgroundJobs=Hangfire</c>.
/// </summary>
internal interface IJobSchedule
{
    /// <summary>
    /// Runs the jobs until what it returns is disposed of: for as long as this process holds the module's lease. After
    /// that no job of the module runs here, and a run that was cut short is left to the next holder.
    /// </summary>
    Task<IAsyncDisposable> StartAsync(CancellationToken cancellationToken);
}
