@main struct Testbed { static func main() {} }
