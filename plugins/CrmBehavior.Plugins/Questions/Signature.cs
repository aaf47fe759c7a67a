using System.Globalization;
using System.Linq;
using System.Security.Cryptography;
using System.Text;

namespace CrmBehavior.Plugins.Questions;

/// <summary>
/// Signs a question: <c>v1=</c> and the lower-case hexadecimal HMAC-SHA256 over time, user and path, each with a line feed behind it, and
/// the bytes of the body. The path is that of the service, without what a proxy in front of it may add.
/// </summary>
static class Signature
{
    internal static string Of(string key, long time, string user, string path, byte[] body)
    {
        byte[] head = Encoding.UTF8.GetBytes(time.ToString(CultureInfo.InvariantCulture) + "\n" + user + "\n" + path + "\n");
        using (var hash = new HMACSHA256(Encoding.UTF8.GetBytes(key)))
        {
            byte[] code = hash.ComputeHash(head.Concat(body).ToArray());
            return "v1=" + string.Concat(code.Select(part => part.ToString("x2", CultureInfo.InvariantCulture)));
        }
    }
}
