using System.Diagnostics;

namespace AiMe.Console.Tests.Runs;

/// <summary>A small file system in memory, mounted where this process may: it can be full, and read-only.</summary>
public sealed class Tmpfs : IDisposable
{
    private Tmpfs(string path) => Path = path;

    public string Path { get; }

    /// <summary>Mounts one of a size such as <c>3m</c>, or skips the test.</summary>
    public static Tmpfs Mount(string directory, string size)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "a small file system in memory is mounted with the tools of Linux");
        var path = Directory.CreateDirectory(System.IO.Path.Combine(directory, "small")).FullName;
        Skip.IfNot(Run("mount", "-t", "tmpfs", "-o", $"size={size}", "none", path), "this process may not mount a file system");
        return new Tmpfs(path);
    }

    /// <summary>Changes it, such as to <c>size=64m</c> or <c>ro</c>.</summary>
    public void Remount(string options) => Run("mount", "-o", $"remount,{options}", Path).ShouldBeTrue(options);

    public void Dispose() => Run("umount", "-l", Path);

    private static bool Run(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(
                new ProcessStartInfo(program, arguments) { RedirectStandardError = true, UseShellExecute = false }
            )!;
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false; // no such program here
        }
    }
}
