using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ModularShop.Modularity.Peers;

/// <summary>Section <c>Peers</c>: how deployables talk to each other.</summary>
public sealed record PeerOptions
{
    /// <summary>Where this process listens for other deployables, such as <c>https://127.0.0.1:5443</c>; unset, it does not.</summary>
    public string? Listen { get; init; }

    /// <summary>Clear-text HTTP/2 between deployables instead of mutual TLS. Whoever reaches the listener is then trusted.</summary>
    public bool PlainHttp { get; init; }

    /// <summary>Where the development authority and its certificates are kept; relative to the content root. All deployables of a machine share it.</summary>
    public string Certificates { get; init; } = "data/peers";

    /// <summary>Whether certificates may be made here. Unset, they may everywhere but in Production.</summary>
    public bool? DevelopmentCertificates { get; init; }

    /// <summary>PEM: this deployable's certificate, its name as common name of the subject, and intermediates if there are any.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>PEM: the private key of <see cref="CertificateFile"/>.</summary>
    public string? KeyFile { get; init; }

    /// <summary>PEM: the authorities whose certificates are those of peers; both the old and the new one while they change.</summary>
    public string? AuthorityFile { get; init; }

    /// <summary>A handshake looks for renewed files when they were last looked at that many seconds ago, 0 to 3600.</summary>
    public int ReloadSeconds { get; init; } = 5;

    /// <summary>Where the other deployables listen for peers, by name.</summary>
    public IReadOnlyDictionary<string, string> Addresses { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    internal bool Listens => !string.IsNullOrEmpty(Listen);

    internal string Scheme => PlainHttp ? Uri.UriSchemeHttp : Uri.UriSchemeHttps;

    internal bool HasFiles => CertificateFile is not null || KeyFile is not null || AuthorityFile is not null;

    internal bool MayMakeCertificates(IHostEnvironment environment) => DevelopmentCertificates ?? !environment.IsProduction();
}

/// <summary>Names every setting that cannot be meant.</summary>
internal sealed class PeerRules(IHostEnvironment environment) : IValidateOptions<PeerOptions>
{
    internal const string NoCertificates =
        "in Production no certificates are made: set Peers:CertificateFile, Peers:KeyFile and Peers:AuthorityFile, or Peers:DevelopmentCertificates to true where nobody else can reach this machine.";

    public ValidateOptionsResult Validate(string? name, PeerOptions options)
    {
        var failures = new List<string>();
        if (options.Listens)
        {
            CheckListen(options, failures);
        }

        foreach (var (deployable, address) in options.Addresses)
        {
            if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme != options.Scheme || uri.PathAndQuery != "/")
            {
                failures.Add($"Peers:Addresses:{deployable} is '{address}'; it must be such as {options.Scheme}://127.0.0.1:5101. {OtherScheme(options)}");
            }
        }

        if (options.HasFiles && (options.CertificateFile is null || options.KeyFile is null || options.AuthorityFile is null))
        {
            failures.Add("Peers:CertificateFile, Peers:KeyFile and Peers:AuthorityFile belong together: set all three or none.");
        }

        if (options is { PlainHttp: false, HasFiles: false } && (options.Listens || options.Addresses.Count > 0) && !options.MayMakeCertificates(environment))
        {
            failures.Add($"Peers: {NoCertificates}");
        }

        if (options.ReloadSeconds is < 0 or > 3600)
        {
            failures.Add($"Peers:ReloadSeconds is {options.ReloadSeconds}; it must be 0 to 3600.");
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static void CheckListen(PeerOptions options, List<string> failures)
    {
        if (PeerListener.TryParse(options.Listen!)?.Scheme != options.Scheme)
        {
            failures.Add($"Peers:Listen is '{options.Listen}'; it must be such as {options.Scheme}://127.0.0.1:5443. {OtherScheme(options)}");
        }
    }

    private static string OtherScheme(PeerOptions options) => options.PlainHttp ? "Peers:PlainHttp asks for http." : "Clear text must be asked for with Peers:PlainHttp: true.";
}
