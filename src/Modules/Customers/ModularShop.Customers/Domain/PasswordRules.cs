using System.Collections.Frozen;

namespace ModularShop.Customers.Domain;

/// <summary>What a password must be: long, or a little shorter and mixed; nothing that is guessed first.</summary>
internal static class PasswordRules
{
    public const int MaxLength = 200;

    private const int LongEnough = 12;

    private const int LongEnoughIfMixed = 10;

    /// <summary>The 100 passwords most often found in leaked lists; most are too short anyway, but people add to them.</summary>
    private static readonly FrozenSet<string> Common = (
        "123456 password 123456789 12345678 12345 qwerty 1234567 111111 1234567890 123123 abc123 1234 password1 iloveyou 1q2w3e4r 000000 qwerty123 zaq12wsx "
        + "dragon sunshine princess letmein 654321 monkey 27653 1qaz2wsx 123321 qwertyuiop superman asdfghjkl 666666 987654321 michael football baseball welcome "
        + "admin login master hello freedom whatever trustno1 shadow ashley jesus ninja mustang jordan hunter killer soccer batman andrew tigger charlie robert "
        + "thomas hockey ranger daniel starwars klaster 112233 george computer michelle jessica pepper 1111 zxcvbn 555555 11111111 131313 777777 pass maggie 159753 "
        + "aaaaaa ginger cheese amanda summer love nicole chelsea biteme matthew access yankees 987654 dallas austin thunder taylor matrix 1q2w3e4r5t "
        + "changeme passw0rd secret")
        .Split(' ').ToFrozenSet(StringComparer.Ordinal);

    /// <summary>All that is wrong with it, in sentences; none of them repeats the password.</summary>
    /// <param name="email">Normalised.</param>
    public static IEnumerable<string> Violations(string password, string email)
    {
        if (password.Length > MaxLength)
        {
            yield return $"A password has at most {MaxLength} characters.";
            yield break;
        }

        if (password.Length < LongEnoughIfMixed || (password.Length < LongEnough && Classes(password) < 3))
        {
            yield return $"A password has at least {LongEnough} characters, or {LongEnoughIfMixed} with three of: lower case, upper case, digits, others.";
        }

        if (IsCommon(password))
        {
            yield return "This is one of the most common passwords, or one with little added to it.";
        }

        var local = EmailAddress.LocalPart(email);
        if (local.Length >= 3 && password.Contains(local, StringComparison.OrdinalIgnoreCase))
        {
            yield return "A password must not contain the name in the email address.";
        }
    }

    /// <summary><c>Password123!</c> is <c>password</c>, <c>aaaaaaaaaaaa</c> is one key, and <c>1234567890123</c> is a row of them.</summary>
    private static bool IsCommon(string password)
    {
        var folded = password.ToLowerInvariant();
        var core = folded.Trim("0123456789 !\"#$%&'()*+,-./:;<=>?@[]^_`{|}~\\".ToCharArray());
        return Common.Contains(folded) || Common.Contains(core) || folded.Distinct().Count() <= 2 || IsRun(folded);
    }

    /// <summary>Each character follows the one before, as in the alphabet or on the digits' row.</summary>
    private static bool IsRun(string text)
    {
        for (var i = 1; i < text.Length; i++)
        {
            if (text[i] != text[i - 1] + 1 && (text[i - 1], text[i]) is not ('9', '0'))
            {
                return false;
            }
        }

        return true;
    }

    private static int Classes(string password) =>
        (password.Any(char.IsLower) ? 1 : 0) + (password.Any(char.IsUpper) ? 1 : 0) + (password.Any(char.IsDigit) ? 1 : 0)
        + (password.Any(c => !char.IsLetterOrDigit(c)) ? 1 : 0);
}
