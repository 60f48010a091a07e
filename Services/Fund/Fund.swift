@main struct Fund { static func main() {} }
