using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Security.Cryptography;

namespace AiMe.MiniLm;

/// <summary>The model and its vocabulary, which the package keeps as resources of an assembly. Its code is never loaded.</summary>
internal sealed class MiniLmFile
{
    /// <summary>Beside this assembly.</summary>
    public const string Name = "all-MiniLM-L6-v2.resources";

    private MiniLmFile(byte[] model, byte[] vocabulary) => (Model, Vocabulary) = (model, vocabulary);

    /// <summary>In ONNX's form.</summary>
    public byte[] Model { get; }

    /// <summary>One word piece a line; the line's number is the id.</summary>
    public byte[] Vocabulary { get; }

    /// <summary>SHA-256 over the SHA-256 of the model and of the vocabulary, in hexadecimal.</summary>
    public string Digest => Convert.ToHexStringLower(SHA256.HashData([.. SHA256.HashData(Model), .. SHA256.HashData(Vocabulary)]));

    /// <summary>Reads the file.</summary>
    /// <exception cref="InvalidDataException">It does not hold them.</exception>
    public static MiniLmFile Read(string path)
    {
        using var assembly = new PEReader(File.OpenRead(path));
        return new MiniLmFile(ResourceOf(assembly, "model.onnx", path), ResourceOf(assembly, "vocab.txt", path));
    }

    private static byte[] ResourceOf(PEReader assembly, string name, string path)
    {
        var metadata = assembly.GetMetadataReader();
        foreach (var handle in metadata.ManifestResources)
        {
            var resource = metadata.GetManifestResource(handle);
            if (!metadata.GetString(resource.Name).EndsWith($".{name}", StringComparison.Ordinal))
                continue;
            var content = assembly.GetSectionData(assembly.PEHeaders.CorHeader!.ResourcesDirectory.RelativeVirtualAddress).GetReader();
            content.Offset = (int)resource.Offset;
            return content.ReadBytes(content.ReadInt32());
        }

        throw new InvalidDataException($"{path} has no resource {name}; build src/AiMe.MiniLm again");
    }
}
