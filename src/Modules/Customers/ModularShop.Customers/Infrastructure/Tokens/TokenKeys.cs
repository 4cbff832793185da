using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;
using ModularShop.Modularity.Deployables;
using ModularShop.Modularity.Peers;

namespace ModularShop.Customers.Infrastructure.Tokens;

/// <summary>The key that signs access tokens, and all keys that verify them.</summary>
internal sealed class TokenKeys : ITokenKeys, IDisposable
{
    private readonly List<ECDsa> _keys = [];

    public TokenKeys(
        IOptions<SigningKeyOptions> options, IOptions<DatabaseOptions> database, IOptions<ServiceOptions> service, IOptions<PeerOptions> peers, IHostEnvironment environment,
        ILogger<TokenKeys> logger)
    {
        var configured = options.Value;
        // Host and service sign with one key. Where the service has a data folder of its own, they share the one with the certificates.
        var shared = service.Value.Data is ServiceData.Own ? Path.Combine(peers.Value.Certificates, "..") : database.Value.DataFolder;
        var signing = string.IsNullOrWhiteSpace(configured.SigningKey)
            ? DevelopmentKey(Path.GetFullPath(Path.Combine(environment.ContentRootPath, shared, "keys", "signing.pem")), logger)
            : SigningKeyPem.Read(configured.SigningKey, environment.ContentRootPath);
        _keys.Add(signing);
        Signing = new SigningCredentials(Named(signing), SecurityAlgorithms.EcdsaSha256);

        var verifying = new List<SecurityKey> { Public(signing) };
        foreach (var previous in configured.PreviousSigningKeys)
        {
            var key = SigningKeyPem.Read(previous, environment.ContentRootPath);
            _keys.Add(key);
            verifying.Add(Public(key));
        }

        Current = verifying;
    }

    public SigningCredentials Signing { get; }

    public IReadOnlyCollection<SecurityKey> Current { get; }

    public void Dispose()
    {
        foreach (var key in _keys)
        {
            key.Dispose();
        }
    }

    /// <summary>Makes the key on the first run; only its owner can read the file.</summary>
    private static ECDsa DevelopmentKey(string path, ILogger logger)
    {
        if (!File.Exists(path))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            using var made = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var file = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                file.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            // Under a name of its own first: a host that starts at the same time reads a whole key or none.
            var draft = $"{path}.{Environment.ProcessId}";
            using (var writer = new StreamWriter(draft, file))
            {
                writer.Write(made.ExportPkcs8PrivateKeyPem());
            }

            try
            {
                File.Move(draft, path, overwrite: false);
                Log.KeyMade(logger, path);
            }
            catch (IOException) when (File.Exists(path))
            {
                File.Delete(draft);
            }
        }

        return SigningKeyPem.Read(path, Path.GetDirectoryName(path)!);
    }

    private ECDsaSecurityKey Public(ECDsa key)
    {
        var only = ECDsa.Create(key.ExportParameters(includePrivateParameters: false));
        _keys.Add(only);
        return Named(only);
    }

    /// <summary>A key's id is its thumbprint, RFC 7638: the same on every host that has the key.</summary>
    private static ECDsaSecurityKey Named(ECDsa ecdsa)
    {
        var key = new ECDsaSecurityKey(ecdsa);
        key.KeyId = Base64Url.EncodeToString(key.ComputeJwkThumbprint());
        return key;
    }
}
