using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using AiMe.Lab.Experiments;

namespace AiMe.Lab.Analysis.Preregistration;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    WriteIndented = true
)]
[JsonSerializable(typeof(RegistrationPage))]
[JsonSerializable(typeof(CanonicalModel))]
internal sealed partial class RegistrationJson : JsonSerializerContext
{
    /// <summary>Options that write text as it is.</summary>
    public static RegistrationJson Readable() =>
        new(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
