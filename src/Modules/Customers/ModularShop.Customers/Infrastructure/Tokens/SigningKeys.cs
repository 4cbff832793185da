using System.Security.Cryptography;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ModularShop.Customers.Infrastructure.Tokens;

/// <summary>Section <c>Customers</c>.</summary>
internal sealed record SigningKeyOptions
{
    /// <summary>The private key that access tokens are signed with: PEM (PKCS#8, P-256), or the path of a file that holds it.</summary>
    public string? SigningKey { get; init; }

    /// <summary>Keys that earlier tokens were signed with, private or public: still good to verify them, not to sign.</summary>
    public IReadOnlyList<string> PreviousSigningKeys { get; init; } = [];
}

/// <summary>Refuses to start without a usable key, except in Development, where one is made.</summary>
internal sealed class SigningKeyRules(IHostEnvironment environment) : IValidateOptions<SigningKeyOptions>
{
    private const string HowTo =
        "Make a key with 'openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out signing.pem' and set Customers:SigningKey to the path of that file or to its content.";

    public ValidateOptionsResult Validate(string? name, SigningKeyOptions options)
    {
        var failures = new List<string>();
        if (!string.IsNullOrWhiteSpace(options.SigningKey))
        {
            Check("Customers:SigningKey", options.SigningKey, needsPrivate: true, failures);
        }
        else if (!environment.IsDevelopment())
        {
            failures.Add($"Customers:SigningKey is not set, and outside Development no key is made up to sign access tokens with. {HowTo}");
        }

        for (var i = 0; i < options.PreviousSigningKeys.Count; i++)
        {
            Check($"Customers:PreviousSigningKeys:{i}", options.PreviousSigningKeys[i], needsPrivate: false, failures);
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private void Check(string setting, string value, bool needsPrivate, List<string> failures)
    {
        try
        {
            using var key = SigningKeyPem.Read(value, environment.ContentRootPath);
            if (needsPrivate)
            {
                key.SignHash(new byte[32]);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            failures.Add($"{setting} names a file that cannot be read: {e.Message} {HowTo}");
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException)
        {
            // What the value is, is not repeated: it may be half of a private key.
            failures.Add($"{setting} is no {(needsPrivate ? "private " : "")}P-256 key in PEM. {HowTo}");
        }
    }
}

/// <summary>A key as configuration gives it: PEM itself (line ends may be written as \n), or the path of a file.</summary>
internal static class SigningKeyPem
{
    private const string P256 = "1.2.840.10045.3.1.7";

    /// <exception cref="IOException">There is no such file.</exception>
    /// <exception cref="ArgumentException">It is no PEM.</exception>
    /// <exception cref="CryptographicException">It is another kind of key.</exception>
    public static ECDsa Read(string value, string contentRoot)
    {
        var pem = value.Contains("-----BEGIN", StringComparison.Ordinal)
            ? value.Replace("\\n", "\n", StringComparison.Ordinal)
            : File.ReadAllText(Path.GetFullPath(value.Trim(), contentRoot));
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(pem);
            return key.ExportParameters(includePrivateParameters: false).Curve.Oid.Value is P256
                ? key
                : throw new CryptographicException("The key is on another curve than P-256.");
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }
}
