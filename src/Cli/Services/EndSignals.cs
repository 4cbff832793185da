using System.Runtime.InteropServices;

namespace ModularShop.Cli.Services;

/// <summary>Ctrl+C, a closed terminal or a polite kill: they cancel, instead of ending the process before its children.</summary>
internal sealed class EndSignals : IDisposable
{
    private readonly CancellationTokenSource _ended;
    private readonly List<PosixSignalRegistration> _registrations = [];

    public EndSignals(CancellationToken cancellationToken)
    {
        _ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        foreach (var signal in new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGQUIT })
        {
            _registrations.Add(PosixSignalRegistration.Create(signal, context =>
            {
                context.Cancel = true;
                _ended.Cancel();
            }));
        }
    }

    public CancellationToken Token => _ended.Token;

    public void Dispose()
    {
        _registrations.ForEach(r => r.Dispose());
        _ended.Dispose();
    }
}
