using ModularShop.Modularity.Data;

namespace ModularShop.Modularity.Examinations;

/// <summary>Do the databases answer, do they have this version's tables, and do their clocks agree with this machine's?</summary>
internal sealed class DatabaseExamination(DatabaseStartup databases) : IExamination
{
    public string About => "databases";

    public Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken) => databases.ExamineAsync(cancellationToken);
}
