using System.ComponentModel;
using System.Runtime.InteropServices;

namespace AiMe.Journal;

/// <summary>fsync(2) of a directory, which .NET does not offer. Windows makes renames durable without it.</summary>
internal static partial class DirectorySync
{
    private const int ReadOnly = 0;

    /// <exception cref="IOException">The directory cannot be opened or synced.</exception>
    public static void Flush(string directory)
    {
        if (OperatingSystem.IsWindows())
            return;
        var descriptor = Open(directory, ReadOnly);
        if (descriptor < 0)
            throw Fault(directory);
        try
        {
            if (Fsync(descriptor) != 0)
                throw Fault(directory);
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    private static IOException Fault(string directory)
    {
        var error = new Win32Exception(Marshal.GetLastPInvokeError());
        return new($"{directory} cannot be synced: {error.Message}", error);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Fsync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
