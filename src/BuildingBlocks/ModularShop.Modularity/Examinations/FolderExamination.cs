using System.Globalization;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using ModularShop.Modularity.Data;

namespace ModularShop.Modularity.Examinations;

/// <summary>The folder in which the program keeps its files, with SQLite the databases among them: may it be written, and is there room?</summary>
internal sealed class FolderExamination(IOptions<DatabaseOptions> options, IHostEnvironment environment) : IExamination
{
    private const long Little = 1L << 30, TooLittle = 100L << 20;

    public string About => "data folder";

    public Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken)
    {
        var folder = Path.GetFullPath(Path.Combine(environment.ContentRootPath, options.Value.DataFolder));
        return Task.FromResult<IReadOnlyList<Finding>>([Writable(folder), Room(folder)]);
    }

    private Finding Writable(string folder)
    {
        var existing = Existing(folder);
        try
        {
            var probe = Path.Combine(existing, $".doctor-{Environment.ProcessId}");
            using (new FileStream(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose))
            {
                return Finding.Ok(About, existing == folder ? $"{folder} can be written." : $"{folder} is made by the first start.");
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Finding.Problem(About, $"{existing} cannot be written: {e.Message}", "make it writable, or set Database:DataFolder to another folder.");
        }
    }

    private static Finding Room(string folder)
    {
        var free = new DriveInfo(Existing(folder)).AvailableFreeSpace;
        var found = string.Create(CultureInfo.InvariantCulture, $"{free / (double)(1 << 30):0.0} GB are free where {folder} is.");
        return free < TooLittle ? Finding.Problem("disk", found, "make room: a database that is full takes no writes.")
            : free < Little ? Finding.Warning("disk", found, "make room before tables are moved: both databases hold them for a while.")
            : Finding.Ok("disk", found);
    }

    private static string Existing(string folder)
    {
        while (!Directory.Exists(folder))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        return folder;
    }
}
